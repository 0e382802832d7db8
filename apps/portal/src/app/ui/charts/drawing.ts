// The one door to ECharts: only what we draw with, so that the rest is never downloaded. Always imported lazily.
import { BarChart, type BarSeriesOption, MapChart, type MapSeriesOption } from 'echarts/charts';
import { type GridComponentOption, GridComponent, MarkLineComponent } from 'echarts/components';
import { type ComposeOption, type EChartsType, init, registerMap, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([BarChart, MapChart, GridComponent, MarkLineComponent, CanvasRenderer]);

/** Everything a chart of ours may be told. */
export type DrawingOption = ComposeOption<BarSeriesOption | MapSeriesOption | GridComponentOption>;
/** A chart on the page. */
export type Drawing = EChartsType;

export { init as startDrawing, registerMap };
