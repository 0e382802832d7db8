export { stateWords } from './list-words';
