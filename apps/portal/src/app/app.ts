import { Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { ToastRegion } from './ui/toast-region';

/** The root: the present page, and the toasts above it. */
@Component({
  selector: 'bangui-root',
  imports: [RouterOutlet, ToastRegion],
  template: `<router-outlet /><bangui-toast-region />`,
})
export class App {}
