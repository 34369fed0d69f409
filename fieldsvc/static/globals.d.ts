// The server writes this line before the worker's own text.
declare const RELEASE: string;
