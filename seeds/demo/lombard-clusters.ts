import type { LocalizedText } from '../../server/core/framework';
import type { ClusterFacts, FactSource } from '../../server/features/organisations/organisations.schemas';

/**
 * The seven Lombard clusters of the project's enquiry, with what sources say of them and nothing else: no people, no
 * scores, and neither type nor stage, which no source states legibly.
 */
export type RealCluster = { slug: string; name: string; facts: ClusterFacts };

const SLIDE: FactSource = {
  label: {
    en: 'presentation “Attività di indagine cluster lombardi” of the CNCB project, slide on the seven clusters',
    it: 'presentazione «Attività di indagine cluster lombardi» del progetto CNCB, diapositiva sui sette cluster',
  },
  url: null,
};

const TYPE_UNCLEAR: LocalizedText = {
  en: 'Its type: the project’s slide on cluster types names it, but the layout is lost, and with it which type was meant.',
  it: 'La tipologia: la diapositiva del progetto sulle tipologie lo cita, ma l’impaginazione è andata perduta, e con essa la tipologia attribuita.',
};
const STAGE_UNCLEAR: LocalizedText = {
  en: 'Its stage of life: no source states it.',
  it: 'La fase di vita: nessuna fonte la indica.',
};
const RECOGNITION_UNCLEAR: LocalizedText = {
  en: 'Its recognition: the slide mentions regional recognition under the Driade call (2009) beside all seven clusters; whether each of them had it is not certain.',
  it: 'Il riconoscimento: accanto ai sette cluster la diapositiva cita il riconoscimento regionale del bando Driade (2009); non è certo che lo avessero tutti.',
};

const members = (text: string) => ({ members: { text, source: SLIDE } });
const web = (en: string, url: string, it?: string): FactSource => ({
  label: it === undefined ? { en } : { en, it },
  url,
});
const says = (source: FactSource, ...texts: LocalizedText[]) => ({ source, texts });

export const LOMBARD_CLUSTERS: RealCluster[] = [
  {
    slug: 'como-next',
    name: 'Como-NExT',
    facts: {
      ...members('50'),
      statements: [
        says(
          web(
            'Il Sole 24 Ore, 5 April 2013',
            'https://st.ilsole24ore.com/art/tecnologie/2013-04-05/como-parco-servizio-territorio-210413.shtml?uuid=AbdUehkH',
            'Il Sole 24 Ore, 5 aprile 2013',
          ),
          {
            en: 'A science park in a former cotton mill at Lomazzo, open since May 2010.',
            it: 'Parco scientifico in un ex cotonificio di Lomazzo, aperto dal maggio 2010.',
          },
          {
            en: 'In April 2013: 53 firms, 18 incubated, and a staff of its own of eight.',
            it: 'Nell’aprile 2013: 53 imprese, 18 in incubatore, e otto persone di staff proprio.',
          },
        ),
        says(
          web(
            'Wikipedia, “ComoNExT – Innovation Hub” (in Italian)',
            'http://it.m.wikipedia.org/wiki/ComoNExT_-_Innovation_Hub',
            'Wikipedia, «ComoNExT – Innovation Hub»',
          ),
          {
            en: 'The chamber of commerce is its largest shareholder.',
            it: 'La Camera di commercio ne è la prima azionista.',
          },
        ),
      ],
      unclear: [TYPE_UNCLEAR, STAGE_UNCLEAR, RECOGNITION_UNCLEAR],
    },
  },
  {
    slug: 'aerospazio',
    name: 'Aerospazio',
    facts: {
      ...members('70'),
      statements: [
        says(
          web(
            'VareseNews, February 2019',
            'https://www.varesenews.it/2019/02/lindustria-aerospaziale-lombarda-bisogno-regia-nazionale/796394/',
            'VareseNews, febbraio 2019',
          ),
          {
            en: 'A promoting committee was set up on 23 February 2009; a European network followed in 2010.',
            it: 'Il comitato promotore nasce il 23 febbraio 2009; nel 2010 si aggiunge una rete europea.',
          },
          {
            en: 'In 2014 it took a new name and a new governance, and received the Bronze label.',
            it: 'Nel 2014 nuovo nome, nuova governance ed etichetta Bronze.',
          },
        ),
        says(
          web('Lombardia Aerospace Cluster, “About us”', 'https://aerospacelombardia.it/en/about-us'),
          {
            en: 'Founded by eight firms and the employers of Varese.',
            it: 'Fondato da otto imprese e dagli industriali di Varese.',
          },
          {
            en: 'At least three members of the 2022–24 board came from divisions of Leonardo.',
            it: 'Almeno tre componenti del consiglio 2022–24 provengono da divisioni di Leonardo.',
          },
        ),
      ],
      unclear: [TYPE_UNCLEAR, STAGE_UNCLEAR, RECOGNITION_UNCLEAR],
    },
  },
  {
    slug: 'energy-cluster',
    name: 'Energy Cluster',
    facts: {
      ...members('90'),
      statements: [
        says(
          web(
            'LegnanoNews, 4 March 2021',
            'https://www.legnanonews.com/economia/2021/03/04/legnano-alla-guida-del-sistema-produttivo-lombardo-per-lenergia-e-lambiente/972798/',
            'LegnanoNews, 4 marzo 2021',
          ),
          { en: 'Began at Legnano in 2009.', it: 'Nasce a Legnano nel 2009.' },
        ),
        says(
          web(
            'Meccanica-plus, brochure, p. 34',
            'https://meccanica-plus.it/brochure/pr/392/files/assets/basic-html/page-34.html',
          ),
          {
            en: 'Six thematic commissions; in 2012 the first Italian cluster with the Bronze label.',
            it: 'Sei commissioni tematiche; nel 2012 primo cluster italiano con l’etichetta Bronze.',
          },
        ),
        says(
          web(
            'Assolombarda, press release',
            'https://stage.assolombarda.it/media/comunicati-stampa/luca-donelli-e2019-il-nuovo-presidente-del-lombardy-energy-cleantech-cluster',
            'Assolombarda, comunicato stampa',
          ),
          {
            en: 'The first Italian cluster with the Gold label.',
            it: 'Primo cluster italiano con l’etichetta Gold.',
          },
        ),
      ],
      unclear: [TYPE_UNCLEAR, STAGE_UNCLEAR, RECOGNITION_UNCLEAR],
    },
  },
  {
    slug: 'poli-auto',
    name: 'Poli Auto',
    facts: {
      ...members('90'),
      statements: [
        says(
          web(
            'Comunimprese, “Sistema produttivo Poli Auto”',
            'http://www.comunimprese.it/portfolio-view/sistema-produttivo-poli-auto/',
            'Comunimprese, «Sistema produttivo Poli Auto»',
          ),
          {
            en: 'Steered by a committee of four bodies.',
            it: 'È guidato da un comitato di quattro enti.',
          },
          {
            en: '123 parties; listed are 20 large firms, 72 small and medium-sized ones, 6 consortia, 5 universities and centres, 11 associations.',
            it: '123 soggetti; elencati sono 20 grandi imprese, 72 PMI, 6 consorzi, 5 università e centri, 11 associazioni.',
          },
        ),
        says(
          web(
            'Business Gentlemen, May 2010',
            'https://www.businessgentlemen.it/2010/05/il-nuovo-polo-lombardo-dellautomotive/',
            'Business Gentlemen, maggio 2010',
          ),
          {
            en: 'One of seven production systems recognised under the regional Driade call.',
            it: 'Uno dei sette sistemi produttivi riconosciuti dal bando regionale Driade.',
          },
        ),
      ],
      unclear: [
        {
          en: 'Its size: the slide says 90, another source 123, and the groups that source lists add up to 114.',
          it: 'La dimensione: la diapositiva dice 90, un’altra fonte 123, e i gruppi che quella fonte elenca danno 114.',
        },
        TYPE_UNCLEAR,
        STAGE_UNCLEAR,
      ],
    },
  },
  {
    slug: 'cosmesi',
    name: 'Cosmesi',
    facts: {
      ...members('135 - 50'),
      statements: [
        says(
          web(
            'Original Italy, “A quando l’unione fa la bellezza”',
            'http://www.originalitaly.it/it/editoriali/a-quando-lunione-fa-la-bellezza',
            'Original Italy, «A quando l’unione fa la bellezza»',
          ),
          {
            en: 'At Crema, from 2004–05; over 130 small and medium-sized firms.',
            it: 'A Crema, dal 2004–05; oltre 130 PMI.',
          },
        ),
        says(
          web(
            'Il Nuovo Torrazzo, 5 July 2017',
            'https://ilnuovotorrazzo.it/2017/07/05/polo-della-cosmesi-si-al-bilancio/',
            'Il Nuovo Torrazzo, 5 luglio 2017',
          ),
          { en: '63 members in 2017.', it: '63 soci nel 2017.' },
          {
            en: 'Its first Innovation Day, in 2016, drew 190 people and 120 business-to-business talks.',
            it: 'Il primo Innovation Day, nel 2016, ha visto 190 persone e 120 incontri B2B.',
          },
        ),
      ],
      unclear: [
        {
          en: 'Its members: what the two numbers in “135 - 50” stand for is not explained.',
          it: 'I soci: che cosa indichino i due numeri di «135 - 50» non è spiegato.',
        },
        TYPE_UNCLEAR,
        STAGE_UNCLEAR,
        RECOGNITION_UNCLEAR,
      ],
    },
  },
  {
    slug: 'green-and-high-tech',
    name: 'Green and High Tech',
    facts: {
      ...members('90'),
      statements: [
        says(
          web(
            'Ideegreen, “Distretto Green and High Tech Brianza”',
            'https://ideegreen.it/distretto-green-high-tech-brianza-6322.html',
            'Ideegreen, «Distretto Green and High Tech Brianza»',
          ),
          {
            en: 'A foundation set up in 2008 by the province, municipalities, employers and the chamber of commerce.',
            it: 'Fondazione costituita nel 2008 da provincia, comuni, imprenditori e Camera di commercio.',
          },
          { en: 'A team of five for 90 firms.', it: 'Uno staff di cinque persone per 90 imprese.' },
        ),
        says(
          web(
            'MB News, February 2011',
            'https://mbnews.it/2011/02/distretto-green-tech-della-brianza-nominato-il-nuovo-consiglio',
            'MB News, febbraio 2011',
          ),
          {
            en: 'A start-up grant of €330,000, and the aim of doubling its members.',
            it: 'Un contributo di avvio di 330.000 euro e l’obiettivo di raddoppiare i soci.',
          },
        ),
      ],
      unclear: [TYPE_UNCLEAR, STAGE_UNCLEAR, RECOGNITION_UNCLEAR],
    },
  },
  {
    slug: 'parco-tecnologico-padano',
    name: 'Parco Tecnologico Padano, Agro Biotech',
    facts: {
      statements: [
        says(
          web(
            'Mondo PMI, “L’eccellenza agroalimentare italiana punta Lodi”',
            'https://www.mondopmi.com/mercati-e-settori/leccellenza-agroalimentare-italiana-punta-lodi',
            'Mondo PMI, «L’eccellenza agroalimentare italiana punta Lodi»',
          ),
          {
            en: 'At Lodi since 2000, with an incubator since 2006 and about 60 researchers.',
            it: 'A Lodi dal 2000, con un incubatore dal 2006 e circa 60 tra ricercatrici e ricercatori.',
          },
        ),
        says(
          web(
            'ImpreseNews, on the technology park of Lodi',
            'http://impresenews.sevendaysweb.com/innovazione/lombardia/il-parco-tecnologico-di-lodi-nella-cittadella-dell-innovazione-per-italia-2040.html',
            'ImpreseNews, sul parco tecnologico di Lodi',
          ),
          {
            en: 'Has a food mark, “DNA Controllato”.',
            it: 'Ha un marchio alimentare, «DNA Controllato».',
          },
        ),
      ],
      unclear: [
        {
          en: 'Its members: it is the one cluster for which the slide gives no number.',
          it: 'I soci: è l’unico cluster per cui la diapositiva non dà un numero.',
        },
        {
          en: 'Its type: the slide on cluster types names a “Polo tecnologico lombardo”; whether this cluster was meant is not clear.',
          it: 'La tipologia: la diapositiva sulle tipologie cita un «Polo tecnologico lombardo»; non è chiaro se si tratti di questo cluster.',
        },
        STAGE_UNCLEAR,
        RECOGNITION_UNCLEAR,
      ],
    },
  },
];
