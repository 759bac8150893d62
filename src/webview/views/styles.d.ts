// Style sheets that a script imports: the bundler gathers them in one file beside it.
declare module '*.css';
