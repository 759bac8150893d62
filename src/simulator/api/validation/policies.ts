// ValidatingAdmissionPolicies and their bindings: what they match, and expressions that can be read.
import { compileComplaint } from '../cel/complaints.ts';
import { isMap } from '../patch-merge.ts';
import type { Problems } from './problems.ts';
import { list, oneOf } from './values.ts';

type Map = Record<string, unknown>;

export function checkPolicy(spec: Map, problems: Problems): void {
  const { matchConstraints, validations, auditAnnotations } = spec;
  oneOf(spec.failurePolicy, ['Fail', 'Ignore'], problems.at('failurePolicy'));
  if (isMap(spec.paramKind)) {
    if (!spec.paramKind.apiVersion) problems.at('paramKind', 'apiVersion').required();
    if (!spec.paramKind.kind) problems.at('paramKind', 'kind').required();
  }
  if (!isMap(matchConstraints)) problems.at('matchConstraints').required();
  else checkMatch(matchConstraints, problems.at('matchConstraints'), true);
  list(spec.matchConditions).forEach(({ name, expression }, i) => {
    const at = problems.at('matchConditions', i);
    if (!name) at.at('name').required();
    checkExpression(expression, at.at('expression'));
  });
  list(spec.variables).forEach(({ name, expression }, i) => {
    const at = problems.at('variables', i);
    if (!name) at.at('name').required('name is not specified');
    else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(String(name)))
      at.at('name').invalid(name, 'name is not a valid CEL identifier');
    checkExpression(expression, at.at('expression'));
  });
  if (list(validations).length === 0 && list(auditAnnotations).length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item';
    for (const field of ['validations', 'auditAnnotations']) problems.at(field).required(why);
  }
  list(validations).forEach((validation, i) => {
    checkValidation(validation, problems.at('validations', i));
  });
}

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];

function checkValidation({ expression, message, messageExpression, reason }: Map, problems: Problems): void {
  checkExpression(expression, problems.at('expression'));
  if (typeof message === 'string' && message !== '' && message.trim() === '')
    problems.at('message').invalid(message, 'message must be non-empty if specified');
  else if (typeof message === 'string' && message.trim().includes('\n'))
    problems.at('message').invalid(message, 'message must not contain line breaks');
  if (messageExpression) checkExpression(messageExpression, problems.at('messageExpression'));
  if (reason && !reasons.includes(String(reason))) problems.at('reason').notSupported(reason, reasons);
}

function checkExpression(expression: unknown, problems: Problems): void {
  const text = String(expression ?? '').trim();
  if (text === '') {
    problems.required('expression is not specified');
    return;
  }
  const complaint = compileComplaint(text);
  if (complaint) problems.invalid(expression, complaint);
}

function checkMatch(matched: Map, problems: Problems, needed: boolean): void {
  oneOf(matched.matchPolicy, ['Equivalent', 'Exact'], problems.at('matchPolicy'));
  const rules = list(matched.resourceRules);
  if (needed && rules.length === 0) problems.at('resourceRules').required();
  rules.forEach((rule, i) => {
    const at = problems.at('resourceRules', i);
    for (const field of ['operations', 'apiGroups', 'apiVersions', 'resources'])
      if (!Array.isArray(rule[field]) || rule[field].length === 0) at.at(field).required();
  });
}

const actions = ['Audit', 'Deny', 'Warn'];

export function checkPolicyBinding(spec: Map, problems: Problems): void {
  if (!spec.policyName) problems.at('policyName').required();
  if (isMap(spec.matchResources)) checkMatch(spec.matchResources, problems.at('matchResources'), false);
  const given = Array.isArray(spec.validationActions) ? spec.validationActions.map(String) : [];
  const at = problems.at('validationActions');
  given.forEach((action, i) => {
    if (!actions.includes(action)) at.at(i).notSupported(action, actions);
    if (given.indexOf(action) < i) at.at(i).duplicate(action);
  });
  if (given.includes('Deny') && given.includes('Warn'))
    at.invalid(
      given,
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
    );
  if (given.length === 0) at.required('at least one validation action is required');
}
