export { type FromText, fromText, TEXT_LIMITS } from './from-text.js';
export type { TextProblem } from './text-problem.js';
export { toText } from './to-text.js';
