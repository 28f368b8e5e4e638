import { readFileSync } from 'node:fs';
import { fromRoot } from '../root';

const face = (folder: string, file: string) =>
  readFileSync(
    fromRoot('node_modules', '@expo-google-fonts', 'source-serif-4', folder, `SourceSerif4_${file}.ttf`),
  );

/**
 * Source Serif 4 (OFL) as TTF: Latin with every European accent, Greek and Cyrillic. The web's woff2 files cannot be
 * embedded in a PDF. Read once.
 */
export const PDF_FONTS = {
  regular: face('400Regular', '400Regular'),
  italic: face('400Regular_Italic', '400Regular_Italic'),
  semibold: face('600SemiBold', '600SemiBold'),
};
