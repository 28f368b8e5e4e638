declare module 'markdown-it-container' {
  import type MarkdownIt from 'markdown-it';

  const container: (
    md: MarkdownIt.MarkdownIt,
    name: string,
    options?: { validate?: (params: string) => boolean; render?: MarkdownIt.RendererRule },
  ) => void;
  export = container;
}
