// details v1 and v2, a Ruby program.
import type { HttpReply, HttpRequest, WorkloadModel } from '../../contract.ts';
import { json, pathOf, text } from '../replies.ts';

const SERVER = { server: 'WEBrick/1.9.1 (Ruby/3.3.6)' };

export const details: WorkloadModel = (context) => {
  context.log('INFO  WEBrick 1.9.1');
  context.log('INFO  WEBrick::HTTPServer#start: pid=1 port=9080');
  return { ports: { 9080: answer } };
};

function answer(request: HttpRequest): HttpReply {
  const path = pathOf(request);
  if (path === '/health') return json(200, '{"status":"Details is healthy"}', SERVER);
  if (!path.startsWith('/details')) return text(404, `Not Found: ${path}\n`, SERVER);
  const id = path.split('/').at(-1) ?? '';
  if (!/^\d+$/.test(id)) return json(400, '{"error":"please provide numeric product id"}', SERVER);
  const book = {
    id: Number(id),
    author: 'William Shakespeare',
    year: 1595,
    type: 'paperback',
    pages: 200,
    publisher: 'PublisherA',
    language: 'English',
    'ISBN-10': '1234567890',
    'ISBN-13': '123-1234567890',
  };
  return json(200, JSON.stringify(book), SERVER);
}
