export { concernMeaning, concernWords } from './enforcement-words';
