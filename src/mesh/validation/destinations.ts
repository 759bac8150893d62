// Weighted destinations and what they name.
import { type Fields, type Findings, fields, number, optionalFields, text } from './findings.ts';
import { validateHeaderOperations } from './header-operations.ts';
import { port, subsetName, wildcardDomain } from './names.ts';

export function validateDestinations(destinations: Fields[], findings: Findings): void {
  let total = 0;
  for (const { destination, weight, headers } of destinations) {
    if (destination === undefined) findings.error('destination is required', true);
    validateHeaderOperations(fields(headers), findings);
    validateDestination(optionalFields(destination), findings);
    if (number(weight) < 0) findings.error(`weight ${number(weight)} < 0`);
    total += number(weight);
  }
  if (destinations.length > 1 && total === 0) findings.error('total destination weight = 0');
}

export function validateDestination(destination: Fields | undefined, findings: Findings): void {
  if (!destination) return;
  const host = text(destination.host);
  findings.error(host === '*' ? 'invalid destination host *' : wildcardDomain(host));
  const subset = text(destination.subset);
  if (subset !== '') findings.error(subsetName(subset));
  if (destination.port !== undefined) findings.error(port(number(fields(destination.port).number)));
}
