import type { ClusterStage, ClusterType, RoleCode } from '../../server/core/framework';

/** The partners of the demonstration programme, one per country. Their names stand for no existing organisation. */
export const PARTNERS = [
  { country: 'IT', name: 'Programme partner Italy' },
  { country: 'AT', name: 'Programme partner Austria' },
  { country: 'CZ', name: 'Programme partner Czechia' },
  { country: 'SK', name: 'Programme partner Slovakia' },
  { country: 'PL', name: 'Programme partner Poland' },
  { country: 'SI', name: 'Programme partner Slovenia' },
  { country: 'HU', name: 'Programme partner Hungary' },
] as const;

export type FictionalCluster = {
  country: (typeof PARTNERS)[number]['country'];
  slug: string;
  name: string;
  type: ClusterType;
  stage: ClusterStage;
  /** Name and role of each. Hungarian names keep their order, family name first. */
  people: [name: string, role: RoleCode][];
};

/**
 * Invented clusters with invented people. The places are called "sample" or "imaginary" in the country's language, and
 * every name ends with the word, because names are shown on many pages.
 */
export const FICTIONAL_CLUSTERS: FictionalCluster[] = [
  {
    country: 'IT',
    slug: 'meccatronica-val-desempio',
    name: 'Meccatronica Val d’Esempio (fictional)',
    type: 'IND',
    stage: 'growing',
    people: [
      // The demonstration's learner, who has an account that can sign in.
      ['Elena Bianchi', 'CM'],
      ['Luca Marchetti', 'PO'],
      ['Sara Colombo', 'IO'],
      ['Paolo Galli', 'CB'],
    ],
  },
  {
    country: 'IT',
    slug: 'design-borgo-immaginario',
    name: 'Rete Design Borgo Immaginario (fictional)',
    type: 'SRV',
    stage: 'emerging',
    people: [
      ['Chiara Fontana', 'CM'],
      ['Davide Riva', 'PO'],
      ['Marta Greco', 'IO'],
    ],
  },
  {
    country: 'AT',
    slug: 'maschinenbau-musterland',
    name: 'Maschinenbau Musterland (fictional)',
    type: 'IND',
    stage: 'mature',
    people: [
      ['Katharina Huber', 'CM'],
      ['Lukas Steiner', 'PO'],
      ['Johanna Wimmer', 'PO'],
      ['Thomas Egger', 'IO'],
      ['Birgit Lechner', 'CB'],
    ],
  },
  {
    country: 'AT',
    slug: 'biotech-beispieltal',
    name: 'Biotech Beispieltal (fictional)',
    type: 'RND',
    stage: 'emerging',
    people: [
      ['Stefan Moser', 'CM'],
      ['Eva Pichler', 'PO'],
    ],
  },
  {
    country: 'CZ',
    slug: 'strojirenstvi-vzorkov',
    name: 'Strojírenství Vzorkov (fictional)',
    type: 'IND',
    stage: 'growing',
    people: [
      ['Jana Dvořáková', 'CM'],
      ['Petr Beneš', 'PO'],
      ['Lenka Kučerová', 'IO'],
      ['Tomáš Marek', 'CB'],
    ],
  },
  {
    country: 'CZ',
    slug: 'nanotechnologie-smyslin',
    name: 'Nanotechnologie Smyšlín (fictional)',
    type: 'RND',
    stage: 'mature',
    people: [
      ['Martin Procházka', 'CM'],
      ['Veronika Němcová', 'PO'],
      ['Jiří Pokorný', 'IO'],
    ],
  },
  {
    country: 'SK',
    slug: 'automotive-vzorovce',
    name: 'Automotive Vzorovce (fictional)',
    type: 'IND',
    stage: 'mature',
    people: [
      ['Zuzana Hudáková', 'CM'],
      ['Michal Baláž', 'PO'],
      ['Katarína Tóthová', 'PO'],
      ['Ján Oravec', 'CB'],
    ],
  },
  {
    country: 'SK',
    slug: 'it-sluzby-vymyslin',
    name: 'IT služby Vymyslín (fictional)',
    type: 'SRV',
    stage: 'growing',
    people: [
      ['Andrej Krajčír', 'CM'],
      ['Lucia Poláková', 'IO'],
    ],
  },
  {
    country: 'PL',
    slug: 'lotnictwo-przykladowo',
    name: 'Lotnictwo Przykładowo (fictional)',
    type: 'IND',
    stage: 'mature',
    people: [
      ['Agnieszka Zielińska', 'CM'],
      ['Piotr Wróbel', 'PO'],
      ['Magdalena Król', 'IO'],
      ['Tomasz Pawlak', 'CB'],
      ['Joanna Sikora', 'PO'],
    ],
  },
  {
    country: 'PL',
    slug: 'ekoenergia-zmyslin',
    name: 'Ekoenergia Zmyślin (fictional)',
    type: 'RND',
    stage: 'emerging',
    people: [
      ['Marcin Dąbrowski', 'CM'],
      ['Ewa Michalska', 'PO'],
      ['Krzysztof Górski', 'CB'],
    ],
  },
  {
    country: 'SI',
    slug: 'orodjarstvo-vzorcevo',
    name: 'Orodjarstvo Vzorčevo (fictional)',
    type: 'IND',
    stage: 'growing',
    people: [
      ['Maja Kovačič', 'CM'],
      ['Gregor Zupan', 'PO'],
      ['Nina Hribar', 'IO'],
    ],
  },
  {
    country: 'SI',
    slug: 'turizem-izmisljena-vas',
    name: 'Turizem Izmišljena vas (fictional)',
    type: 'SRV',
    stage: 'emerging',
    people: [
      ['Andrej Vidmar', 'CM'],
      ['Petra Golob', 'PO'],
    ],
  },
  {
    country: 'HU',
    slug: 'mintavolgyi-gepipar',
    name: 'Mintavölgyi Gépipar (fictional)',
    type: 'IND',
    stage: 'growing',
    people: [
      ['Szabó Ildikó', 'CM'],
      ['Kiss Balázs', 'PO'],
      ['Fekete Zsófia', 'IO'],
      ['Németh András', 'CB'],
    ],
  },
  {
    country: 'HU',
    slug: 'egeszsegipar-kepzeletfalva',
    name: 'Egészségipar Képzeletfalva (fictional)',
    type: 'RND',
    stage: 'mature',
    people: [
      ['Varga Péter', 'CM'],
      ['Juhász Réka', 'PO'],
      ['Lakatos Dóra', 'IO'],
    ],
  },
];
