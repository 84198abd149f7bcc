export { checkPolicy } from './check.js';
export {
  type ActualValue,
  type CompiledPolicy,
  compilePolicy,
  type ExplainedCondition,
  redact,
} from './compile.js';
export { COUNTRIES } from './countries.js';
export { describeCondition, describeRule, type NameOf } from './describe.js';
export {
  type Action,
  type Comparison,
  type Condition,
  DEFAULT_RULE,
  LIMITS,
  type Path,
  type PolicyDocument,
  type Rule,
} from './document.js';
export {
  type Decision,
  type ExplainedRule,
  type Explanation,
  evaluate,
  explain,
  type RuleResult,
} from './evaluate.js';
export {
  ATTRIBUTE_PREFIX,
  type AttributeName,
  type AttributeValue,
  BROWSERS,
  definitionOf,
  FACTS,
  type FactDefinition,
  type FactName,
  type Facts,
  PLATFORMS,
  type TransactionKind,
} from './facts.js';
export { LIST_TYPES, type ListReference, type ListType, type NamedList } from './lists.js';
export { OPERATORS, OPERATORS_OF, type OperatorName } from './operators.js';
export { type Parsed, type Problem, parsePolicy } from './parse.js';
export { WEEKDAYS, type Weekday, type Window } from './time.js';
export type { Truth } from './truth.js';
export type { Finding, FindingCode, Severity, World } from './world.js';
