// README.md for who has the extension and not the repository.

/** A link to a file that the package does not carry would lead nowhere: its text stays. Pictures and addresses stay whole. */
export function packagedReadme(readme: string): string {
  return readme.replace(/(?<!!)\[([^\]]+)\]\((?!https?:|#)[^)]*\)/g, '$1');
}
