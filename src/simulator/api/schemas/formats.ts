// The formats of strings that the API server looks at. Of others it says nothing.
import { isIPv4, isIPv6 } from 'node:net';

const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const time = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([zZ]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const known: Readonly<Record<string, (text: string) => boolean>> = {
  date: (text) => date.test(text),
  'date-time': (text) => /^.{10}[tT ]/.test(text) && date.test(text.slice(0, 10)) && time.test(text.slice(11)),
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr(text) {
    const [address = '', bits = ''] = text.split('/');
    const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
    return /^\d{1,3}$/.test(bits) && Number(bits) <= most;
  },
  mac: (text) => /^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$/.test(text),
  uuid: (text) => /^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$/.test(text),
  byte: (text) => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0,
};

export function fitsFormat(text: string, format: string | undefined): boolean {
  return format === undefined || (known[format]?.(text) ?? true);
}
