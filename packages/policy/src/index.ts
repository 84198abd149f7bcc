export { type CompiledPolicy, compilePolicy } from './compile.js';
export { describeCondition, describeRule, type NameOf } from './describe.js';
export { type Condition, DEFAULT_RULE, LIMITS, type PolicyDocument, type Rule } from './document.js';
export { type Decision, type Explanation, evaluate, explain, type RuleResult } from './evaluate.js';
export { FACTS, type FactName, type Facts, type TransactionKind } from './facts.js';
export { type Problem, parsePolicy } from './parse.js';
