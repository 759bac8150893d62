// The page of the book: our own markup with every text and marker of the official template that labs and people look for.
import { escapeHtml } from '../replies.ts';
import type { BackendAnswer } from './backends.ts';
import { BOOK } from './book.ts';

interface Details {
  'ISBN-10'?: string;
  publisher?: string;
  pages?: number;
  type?: string;
  language?: string;
}

interface Reviews {
  podname?: string;
  clustername?: string;
  reviews?: { reviewer?: string; text?: string; rating?: { stars?: number; color?: string; error?: string } }[];
}

export function bookPage(user: string | undefined, details: BackendAnswer, reviews: BackendAnswer): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Simple Bookstore App</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="static/bookinfo.css">
</head>
<body>
<nav class="bg-gray-800">
  <a href="#" class="text-white">BookInfo Sample</a>
  ${user === undefined ? signIn : signedIn(user)}
</nav>
<h1 class="text-5xl font-bold tracking-tight text-blue-900">${BOOK.title}</h1>
<p class="mt-6 text-xl leading-8 text-gray-600">${BOOK.descriptionHtml}</p>
<div class="columns">
<section>
${detailsSection(details)}
</section>
<section>
${reviewsSection(reviews)}
</section>
</div>
</body>
</html>
`;
}

const signIn = `<button type="button" id="sign-in-button" onclick="document.getElementById('login-modal').showModal()">Sign in</button>
  <dialog id="login-modal">
    <form method="post" action="login" name="login_form">
      <label>User name <input type="text" id="username" name="username" required></label>
      <label>Password <input type="password" id="password" name="passwd"></label>
      <button type="submit">Sign in</button>
    </form>
  </dialog>`;

function signedIn(user: string): string {
  return `<span class="text-white">${escapeHtml(user)}</span> <a href="logout" class="text-white">Sign out</a>`;
}

function detailsSection({ status, data }: BackendAnswer): string {
  if (status !== 200) return failure('Error fetching product details', data);
  const book = data as Details;
  const row = [book['ISBN-10'], book.publisher, book.pages, book.type, book.language];
  return `<h4 class="text-3xl font-semibold">Book Details</h4>
<table>
<thead><tr><th>ISBN-10</th><th>Publisher</th><th>Pages</th><th>Type</th><th>Language</th></tr></thead>
<tbody><tr>${row.map((value) => `<td>${escapeHtml(String(value ?? ''))}</td>`).join('')}</tr></tbody>
</table>`;
}

function reviewsSection({ status, data }: BackendAnswer): string {
  if (status !== 200) return failure('Error fetching product reviews', data);
  const { reviews = [], podname = '', clustername = 'null' } = data as Reviews;
  const served = `${escapeHtml(podname)}${clustername === 'null' ? '' : ` on cluster ${escapeHtml(clustername)}`}`;
  const articles = reviews.map(
    ({ reviewer = '', text = '', rating }) => `<article class="px-6 py-12">
${starsOf(rating)}<p>&#34;${escapeHtml(text)}&#34;</p>
<div class="font-semibold text-gray-900">${escapeHtml(reviewer)}</div>
<div class="mt-0.5 text-gray-600 font-mono">Reviews served by:
${served}
</div>
</article>`,
  );
  return `<h4 class="text-3xl font-semibold">Book Reviews</h4>\n${articles.join('\n')}`;
}

const STAR = `<svg id="glyphicon glyphicon-star" class="h-5 w-5" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><path d="m12 2 3 7 7 .6-5.4 4.7 1.7 7.2L12 17.6l-6.3 3.9 1.7-7.2L2 9.600 9 9z"/></svg>`;

type Rating = NonNullable<Reviews['reviews']>[number]['rating'];

function starsOf(rating: Rating): string {
  if (!rating) return '';
  if (rating.stars === undefined) return `<p class="text-red-500">${escapeHtml(rating.error ?? '')}</p>\n`;
  const color = escapeHtml(rating.color ?? 'black');
  const count = Math.max(0, Math.min(5, Math.floor(rating.stars)));
  return `<div class="flex gap-x-1 text-${color}-500">\n${`${STAR}\n`.repeat(count)}</div>\n`;
}

function failure(title: string, data: unknown): string {
  const { error = '' } = data as { error?: string };
  return `<p class="text-2xl text-red-500">${title}</p>\n<p class="text-lg text-gray-600">${escapeHtml(error)}</p>`;
}

/** The services of the application, as `/` shows them. */
export function indexPage(services: { name: string; endpoint: string; children: string[] }[]): string {
  const rows = services
    .map((s) => `<tr><td>${s.name}</td><td>${s.endpoint}</td><td>${s.children.join(', ')}</td></tr>`)
    .join('\n');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Simple Bookstore App</title>
<link rel="stylesheet" href="static/bookinfo.css">
</head>
<body>
<h3>Hello! This is a simple bookstore application consisting of three services as shown below</h3>
<table>
<thead><tr><th>name</th><th>endpoint</th><th>children</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
<p><a href="/productpage?u=normal">Normal user</a></p>
<p><a href="/productpage?u=test">Test user</a></p>
</body>
</html>
`;
}

export const STYLE = `body{margin:0 auto;max-width:70rem;padding:0 1rem;font-family:system-ui,sans-serif;line-height:1.5}
nav{display:flex;justify-content:space-between;align-items:center;margin:0 -1rem;padding:1rem;background:#1f2937}
.text-white{color:#fff;text-decoration:none}h1{color:#1e3a8a;font-size:2.5rem;text-align:center}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:2rem}table{border-collapse:collapse}
th,td{padding:.4rem .6rem;border-bottom:1px solid #d1d5db;text-align:left}.flex{display:flex;gap:.25rem}svg{width:1.25rem}
.text-black-500{color:#111}.text-red-500{color:#ef4444}.text-gray-600{color:#4b5563}.font-mono{font-family:monospace}
@media(max-width:50rem){.columns{grid-template-columns:1fr}}
`;
