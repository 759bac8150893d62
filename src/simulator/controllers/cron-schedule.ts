// When a CronJob is due: five fields of cron, the usual shorthands, in a time zone.

export interface CronSchedule {
  /** The first time it is due after `time`; undefined when there is none within five years. Milliseconds. */
  after(time: number): number | undefined;
}

const SHORTHANDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Five years, in which even the 29th of February comes. */
const HORIZON = 5 * 366 * 24 * HOUR;

interface Fields {
  minutes: Set<number>;
  hours: Set<number>;
  days: Set<number>;
  months: Set<number>;
  weekdays: Set<number>;
  /** With both kinds of day given, either is enough; with a star, the other decides. */
  anyDay: boolean;
  anyWeekday: boolean;
}

/** Undefined for what is no schedule or no time zone. UTC unless said. */
export function parseCron(text: string, timeZone = 'Etc/UTC'): CronSchedule | undefined {
  const every = /^@every (\d+)(s|m|h)$/.exec(text.trim());
  if (every) return repeating(Number(every[1]) * ({ s: 1000, m: MINUTE, h: HOUR }[every[2] ?? 's'] ?? 1000));
  const fields = fieldsOf(SHORTHANDS[text.trim()] ?? text);
  const local = localTime(timeZone);
  if (!fields || !local) return undefined;
  return {
    after(time) {
      let at = Math.floor(time / MINUTE) * MINUTE + MINUTE;
      const end = time + HORIZON;
      while (at <= end) {
        const { minute, hour, day, month, weekday } = local(at);
        if (!fields.months.has(month) || !fits(fields, day, weekday)) at += untilHour(minute, 24 - hour);
        else if (!fields.hours.has(hour)) at += untilHour(minute, 1);
        else if (!fields.minutes.has(minute)) at += MINUTE;
        else return at;
      }
      return undefined;
    },
  };
}

/** To the full hour that many hours on, less one where clocks may change, so that none is passed over. */
function untilHour(minute: number, hours: number): number {
  return Math.max(1, hours - (hours > 1 ? 1 : 0)) * HOUR - minute * MINUTE;
}

function fits({ days, weekdays, anyDay, anyWeekday }: Fields, day: number, weekday: number): boolean {
  if (anyDay || anyWeekday) return days.has(day) && weekdays.has(weekday);
  return days.has(day) || weekdays.has(weekday);
}

function repeating(period: number): CronSchedule | undefined {
  if (period < 1000) return undefined;
  return { after: (time) => Math.floor(time / 1000) * 1000 + period };
}

function fieldsOf(text: string): Fields | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 5) return undefined;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts;
  const minutes = valuesOf(minute, 0, 59);
  const hours = valuesOf(hour, 0, 23);
  const days = valuesOf(day, 1, 31);
  const months = valuesOf(month, 1, 12, MONTHS, 1);
  const weekdays = valuesOf(weekday, 0, 7, DAYS, 0);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  if (weekdays.has(7)) weekdays.add(0);
  const any = (field: string) => field.startsWith('*') || field.startsWith('?');
  return { minutes, hours, days, months, weekdays, anyDay: any(day), anyWeekday: any(weekday) };
}

/** `*`, `5`, `1-5`, `*\/15`, `1-30/5`, `mon-fri`, and lists of them. */
function valuesOf(
  field: string,
  low: number,
  high: number,
  names: string[] = [],
  firstName = 0,
): Set<number> | undefined {
  const values = new Set<number>();
  const numberOf = (text: string): number => {
    const named = names.indexOf(text.toLowerCase());
    if (named >= 0) return named + firstName;
    return /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  };
  for (const part of field.split(',')) {
    const [range = '', step, ...more] = part.split('/');
    const [from = '', to, ...others] = range.split('-');
    const all = from === '*' || from === '?';
    const start = all ? low : numberOf(from);
    const stop = all || (to === undefined && step !== undefined) ? high : numberOf(to ?? from);
    const by = step === undefined ? 1 : /^\d{1,3}$/.test(step) ? Number(step) : 0;
    const sound = start >= low && stop <= high && start <= stop && by > 0;
    if (!sound || more.length > 0 || others.length > 0 || (all && to !== undefined)) return undefined;
    for (let value = start; value <= stop; value += by) values.add(value);
  }
  return values;
}

interface LocalTime {
  minute: number;
  hour: number;
  day: number;
  month: number;
  weekday: number;
}

function localTime(timeZone: string): ((time: number) => LocalTime) | undefined {
  if (timeZone === 'Etc/UTC' || timeZone === 'UTC') {
    return (time) => {
      const date = new Date(time);
      return {
        minute: date.getUTCMinutes(),
        hour: date.getUTCHours(),
        day: date.getUTCDate(),
        month: date.getUTCMonth() + 1,
        weekday: date.getUTCDay(),
      };
    };
  }
  let format: Intl.DateTimeFormat;
  try {
    const parts = { minute: 'numeric', hour: 'numeric', day: 'numeric', month: 'numeric', weekday: 'short' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts });
  } catch {
    return undefined;
  }
  return (time) => {
    const found = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes) => Number(found.get(type));
    return {
      minute: number('minute'),
      hour: number('hour'),
      day: number('day'),
      month: number('month'),
      weekday: DAYS.indexOf((found.get('weekday') ?? '').toLowerCase()),
    };
  };
}
