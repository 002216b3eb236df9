import type en from './words/en';

export type Words = typeof en;

export const productName = 'ArtMqtt';

const languages = {
  en: () => import('./words/en'),
  es: () => import('./words/es'),
  de: () => import('./words/de'),
  ar: () => import('./words/ar'),
};
type Language = keyof typeof languages;
const rightToLeft: readonly Language[] = ['ar'];
const retryMs = 3_000;

/** The words of the visitor's language; `loadWords` comes first. */
export let words: Words;
/** How the visitor's region writes numbers and times, for example `de-AT`. */
export let locale = 'en';

/** The language and region of the first wish that can be met, English when none can. */
export function chooseLocale(wishes: readonly string[]): { readonly language: Language; readonly locale: string } {
  for (const wish of wishes) {
    const language = wish.split('-')[0]!.toLowerCase();
    if (Object.hasOwn(languages, language) && isLocale(wish)) {
      return { language: language as Language, locale: wish };
    }
  }
  return { language: 'en', locale: 'en' };
}

/** Loads one language, as often as it takes, and tells the document which it is. */
export async function loadWords(wishes: readonly string[]): Promise<void> {
  const chosen = chooseLocale(wishes);
  for (;;) {
    try {
      words = (await languages[chosen.language]()).default;
      break;
    } catch {
      await new Promise(resolve => setTimeout(resolve, retryMs)); // no network
    }
  }
  locale = chosen.locale;
  document.documentElement.lang = chosen.locale;
  document.documentElement.dir = rightToLeft.includes(chosen.language) ? 'rtl' : 'ltr';
}

/** Puts values where a text has their names in braces. */
export const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

function isLocale(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false; // not a language tag at all
  }
}
