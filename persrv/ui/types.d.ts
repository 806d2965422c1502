// What the server sends and the modules pass on, for the type checker alone: nothing of this reaches the browser.
// The server's side is persrv/ui/views.py and the calls.py and listing.py of each tab.

// ---- the page

type Language = "zh" | "en";
type InLanguages = Record<Language, string>;
type View = "search" | "chat" | "map" | "captions" | "blind" | "cases" | "judge" | "about";
type Translate = (key: string, values?: Record<string, unknown>) => string;
type Child = Node | string | false | null | undefined | Child[];
type Attributes = {
  on?: Record<string, (event: any) => void>;
  data?: Record<string, unknown>;
  style?: Record<string, string | number>;
  [name: string]: unknown;
};

/** What one `app` gives to every part of the page; parts add what others call. */
interface App {
  start: Start;
  server: Server;
  store: Store;
  state: State;
  element: HTMLElement;
  t: Translate;
  you: You;
  /** The newest answer of the search, as the knobs stand. */
  answer: Answer | Refusal | null;
  /** The same for the person beside. */
  othersAnswer: Answer | Refusal | null;
  announce(text: string): void;
  /** Shows sentences below the head until they are closed. */
  tell(sentences: string[]): void;
  /** What of the page a link does not hold: each says it, or null. */
  stays: (() => string | null)[];
  /** The lists of results by name. */
  columns: Map<string, Column>;
  /** Ways to send a sticker; each returns the key of what is said of it, null for nothing. */
  send: Record<"copy" | "download" | "share", (sticker: Sticker) => Promise<string | null>>;
  /** What the visitor struck out during this visit. */
  struck: { has(id: string): boolean; strike(sticker: Sticker): void; restore(id: string): void };
  openSticker(id: string, ids?: string[], context?: { column: Column } | null): void;
  turnKnob(key: string, value: number): void;
}

/** What a link holds (LINKED in shared/store.js), and how often the visitor's likes changed. */
interface State {
  /** null: none was chosen yet. */
  query: string | null;
  /** A person's id; "": nobody. */
  user: string;
  utility: boolean;
  /** Whether the query is read only as typed. */
  literal: boolean;
  /** Whether the search is by words alone. */
  words: boolean;
  /** Whom the searching person is compared with; "": nobody. */
  other: string;
  four: boolean;
  /** Turned knobs as a link says them. */
  tune: string;
  show: string;
  sticker: string;
  /** The conversation of the chat: a ready one by number, "free", or one that a link holds; "": the first. */
  chat: string;
  section: string;
  /** Lists of COLUMN.ID (shared/listed.js): the places that are explained, and the sticker in the dialog. */
  why: string;
  open: string;
  /** What the map marks, what its points are coloured by, the list of what is selected there, the chosen sticker. */
  map: "tastes" | "results";
  colour: string;
  lasso: string;
  point: string;
  /** The list of likes that came with the link. */
  lent: string;
  note: string;
  /** What the presentation shows; "": the page is not presented. */
  present: "" | "personal" | "plain";
  /** The step of the story that is told; 0: none. */
  story: number;
  view: View;
  language: Language;
  likes?: number;
  /** How often what is struck out changed. */
  struck?: number;
}

interface Store {
  state: State;
  set(changes: Partial<State>): void;
  subscribe(listener: (state: State, changed: Set<keyof State>) => void): void;
}

/** What the page is given once (PageService.start). */
interface Start {
  languages: Language[];
  strings: Record<Language, Record<string, string>>;
  labels: Record<Language, Record<string, string>>;
  folder: string;
  shards: boolean;
  people: Person[];
  population: number;
  /** The domains in which people sent stickers, the most used first. */
  domains: string[];
  has_map: boolean;
  simulated: boolean;
  top: number;
  tuning: TunedSettings;
  /** The settings of a search by words alone. */
  words_tuning: TunedSettings;
  maxima: number[];
  max_query: number;
  /** Whether the bundle is on this machine's own disk, where its owner may edit it (persrv/ui/owner). */
  has_owner: boolean;
  you: { most: number; uploads: boolean; types: string[]; max_bytes: number };
  about: About;
}

/** The server's functions (calls.py of each tab), and those that you_tab/you.js answers in their place. */
interface Server {
  search(request: Asked & { candidates: boolean; literal?: boolean; words_only?: boolean }): Promise<Answer | Refusal>;
  detail(request: { sticker: string; query: string }): Promise<StickerDetail | Refusal>;
  examples(request: { user?: string; language?: string }): Promise<{ queries: string[]; opening: { query: string; user?: string } }>;
  suggestions(request: {}): Promise<{ queries: CountedQuery[] }>;
  unlike(request: { query: string; user: string }): Promise<{ user: string | null }>;
  pulled(request: Pull): Promise<{ pulled: (Sticker & { pull: number })[] }>;
  you_likes(request: { ids: string[] }): Promise<{ stickers: Sticker[] }>;
  judge_rank(request: { queries: string[]; user: string; settings: Record<string, number> }): Promise<{ rankings: string[][]; stickers: Record<string, Sticker>; error?: undefined } | Refusal>;
  judge_measure(request: { runs: Record<string, Record<string, string[]>>; judgements: Judged }): Promise<{ runs: Record<string, Measured>; error?: undefined } | Refusal>;
  judge_read(request: { kind: "qrels" | "run"; text: string }): Promise<any>;
  you_page(request: { page: number }): Promise<{ stickers: Sticker[]; pages: number }>;
  you_picture(request: { picture: string }): Promise<{ id: string; picture: string; error?: undefined } | Refusal>;
  you_pulled(request: Pull): Promise<{ pulled: [sticker: string, pull: number][] }>;
  chat_reply(request: ChatRequest): Promise<ChatReply | Refusal>;
  chat_taste(request: Writer): Promise<ChatTaste | Refusal>;
  chat_pulled(request: Pull): Promise<{ pulled: (Sticker & { pull: number })[] }>;
  chat_ready(request: { language: string }): Promise<Ready>;
  chat_stickers(request: { ids: string[] }): Promise<{ stickers: Record<string, Sticker> }>;
  inspect_sticker(request: { show: string; query: string; user: string; sticker?: string }): Promise<Inspection | Refusal>;
  caption_lists(request: { mine?: string }): Promise<{ counts: Record<string, number>; error?: undefined } | Refusal>;
  held_out_queries(request: { sticker: string }): Promise<HeldOut | Refusal>;
  captioning(request: {}): Promise<Partial<OwnPictureSetup>>;
  own_picture(request: {}): Promise<Partial<OwnPictureSetup>>;
  caption(request: { text: string; sticker?: string; picture?: string | null }): Promise<LiveCaption | Refusal>;
  picture_kin(request: { picture: string } | { sticker: string }): Promise<Kin | Refusal>;
  picture_words(request: { picture: string }): Promise<(PictureWords & { error?: undefined }) | Refusal>;
  blind(request: Trial): Promise<{ query: string; stickers: Sticker[]; error?: undefined } | Refusal>;
  reveal(request: Trial & { choice: string | null }): Promise<Revealed | Refusal>;
  blind_score(request: { a: number; b: number }): Promise<Posterior | Refusal>;
  cases(request: {}): Promise<MinedCases | Refusal>;
  evidence(request: {}): Promise<EvidenceIndex | Refusal>;
  evidence(request: { section: string }): Promise<Section | Refusal>;
  evidence_clicks(request: { against: string | null }): Promise<TestClicks | Refusal>;
  engine(request: {}): Promise<{ answers: string }>;
  glosses(request: { texts: string[] }): Promise<{ glosses: string[] }>;
  figure(request: { figure: Figure; width: number; format: "svg" | "pdf" }): Promise<{ file: string; error?: undefined } | Refusal>;
  experiment(request: { user: string; queries: string; settings: Settings; literal: boolean; language: Language }): Promise<{ file: string; queries: number; error?: undefined } | Refusal>;
  story(request: { language: string }): Promise<{ story: ChosenStory | null; error?: undefined } | Refusal>;
}

/** Whoever a question is asked for; likes: the visitor's, by id, or a picture's vector. */
interface Asked {
  query: string;
  user: string;
  likes?: unknown[];
}

/** What pulled a sticker up. */
interface Pull {
  user: string;
  sticker: string;
  cluster: number;
  likes?: unknown[];
}

/** The functions of the map (map_tab/calls.py). */
interface MapServer {
  map_points(request: {}): Promise<SentMap>;
  map_named(request: { ids: string[] }): Promise<SentPoints>;
  map_members(request: { user: string; likes?: unknown[] }): Promise<{ members: [id: string, cluster: number, clicks: number][] }>;
  map_neighbours(request: { sticker: string }): Promise<{ space: Sticker[]; map: Sticker[]; shared: number; error?: undefined } | Refusal>;
  map_trust(request: {}): Promise<{ value: number | null; k: number; judged: number; among: number }>;
}

/** What the server says instead of an answer. */
interface Refusal {
  error: string;
  code?: string;
  values?: Record<string, unknown>;
  retry?: boolean;
  round?: number;
  query?: undefined;
}

// ---- stickers and people

interface Sticker {
  id: string;
  image: string;
  width: number;
  height: number;
  animated?: boolean;
  text: string;
  /** The words of its files' and folders' names, a comma between two; of a visitor's own picture none. */
  names?: string;
  /** Whether the owner of the bundle starred it. */
  starred?: boolean;
  labels: Record<string, string>;
  /** Of a visitor's own picture: the picture itself as an address, and its vector. */
  data?: string;
  vector?: string;
}

type NearSticker = Sticker & { cosine: number };

interface OcrLine {
  text: string;
  confidence: number;
  kept: boolean;
  points: [number, number][];
}

interface Keyword {
  word: string;
  matched: boolean;
}

interface Captions {
  description: string;
  emotion: string;
  keywords_base: Keyword[];
  keywords: Keyword[];
}

type LiveCaption = Captions & { error?: undefined; unspelt: number; seconds: number };

interface StickerDetail extends Sticker {
  error?: undefined;
  series: string;
  ocr_lines: OcrLine[];
  captions: Captions;
  queries: string[];
  counts: number[];
  clicked_by: { user: string; clicks: number }[];
  neighbours: NearSticker[];
}

interface Cluster {
  size: number;
  radius: number;
  exemplars: Sticker[];
}

interface Person {
  id: string;
  name: InLanguages;
  portrait: InLanguages;
  avatar: Sticker | null;
  favourites: Sticker[];
  clusters: Cluster[];
}

// ---- the owner of a local bundle

/** What the owner says of one sticker (persrv/bundle/edits.py). */
interface OwnerEdit {
  tags?: string[];
  text?: string | null;
  hidden?: boolean;
  starred?: boolean;
}

interface OwnerView {
  error?: undefined;
  edit: OwnerEdit;
  star: string;
  starred: number;
  hidden: Sticker[];
  /** Hidden ones that the bundle was built without. */
  gone: string[];
  /** After an edit: what of the page's start it may have changed. */
  people?: Person[];
  maxima?: number[];
}

// ---- the visitor

/** The visitor as everybody else on the page sees them (you_tab/you.js). */
interface You {
  person: Person;
  likes(): Sticker[];
  likesIt(id: string): boolean;
  style(): { version: number; told: YouTold; before: YouTold | null } | null;
  moved(): Record<string, YouMoved> | null;
  signed<Request extends { user: string }>(request: Request): Request & { likes?: unknown[] };
  toggle(sticker: Sticker): boolean;
  borrow(stickers: Sticker[]): void;
  forget(): void;
  onForget(forget: () => void): void;
  /** The panel's, once it is there. */
  redraw(): void;
  pick(): void;
}

interface YouTold {
  clusters: { size: number; radius: number; likes: string[] }[];
  shares: [look: string, share: number][];
  nearest: Sticker[];
  depth: number;
  of: number;
}

interface YouMoved {
  n: number;
  top: number;
  riser: { sticker: Sticker; before: number; after: number } | null;
}

// ---- settings

/** The settings of a search as the server names them to the page, rounded. */
interface Settings {
  lambda: number;
  alpha: number;
  utility_weights: number[];
  utility_base: number;
  recall_size: number;
  /** The weight of meaning beside words; 0: words alone. */
  meaning: number;
  /** The share of the best relevance below which taste lifts nothing. */
  floor: number;
  threshold: number;
  /** The weight of what the first answers say beside likeness. */
  feedback: number;
  /** The weight of showing all that a query names, beside likeness. */
  depiction: number;
  field_weights: Record<string, number>;
}

/** The settings to all their decimals, as the library has them. */
type TunedSettings = Omit<Settings, "lambda"> & { lambda_: number };

/** The settings with both switches, of one ranking. */
type SwitchedSettings = TunedSettings & { use_utility: boolean; use_personalization: boolean };

/** Where a setting is: its name, and the place or the field within. */
type SettingPath = [name: string, within?: string | number];

interface Knob {
  key: string;
  group: "relevance" | "utility" | "preference";
  text: string;
  most: number;
  path: SettingPath;
}

// ---- answers

type RankingName = "none" | "utility" | "personalization" | "both";
type Place = [sticker: string, recallRank: number, recall: number, final: number];

interface FieldScore {
  field: string;
  bm25: number;
  weight: number;
  tokens: [token: string, value: number][];
}

interface HitParts {
  relevance: number;
  fields: FieldScore[];
  utility: { value: number; parts: number[]; counts: number[] };
  preference: { value: number; cluster: number; kept_back: boolean } | null;
  meaning: MeaningScore | null;
}

/** A text of a sticker and how nearly it means what was asked. */
interface MeaningText {
  field: string;
  text: string;
  likeness: number;
}

interface MeaningScore {
  value: number;
  weight: number;
  texts: MeaningText[];
  /** How much it says what the first answers say, in [0, 1], and the weight of that: part of `value`. */
  support: number;
  feedback: number;
  /** How surely it shows all that the query names, in [0, 1], and the weight of that: part of `value`. */
  depicted: number;
  depiction: number;
}

/** What a query was read as (persrv.records.Reading). */
interface Reading {
  text: string;
  kind: string;
  weight: number;
  /** What was typed of a drawing that no sticker shows; the text itself where nothing else was asked for. */
  without: string;
}

/** Four rankings of one query (views.comparison). */
interface Answer {
  error?: undefined;
  retry?: undefined;
  code?: undefined;
  values?: undefined;
  query: string;
  tokens: string[];
  readings: Reading[];
  user: string | null;
  matched: number;
  counted: boolean;
  notice: string;
  fallback: string;
  personalized: boolean;
  ms: number;
  /** Milliseconds from the question to the answer, as the page measured them. */
  round?: number;
  settings: Settings | (Settings & TunedSettings);
  rankings: Record<RankingName, Place[]>;
  hits: Record<string, HitParts>;
  stickers: Record<string, Sticker>;
  relevant?: string[];
  candidates?: Candidates;
  you?: YouTold;
  /** Where the stickers that pulled a result up are asked for, where the taste is not that of the page's own search. */
  pull?: (request: Pull) => Promise<{ pulled: (Sticker & { pull: number })[] }>;
}

/** What it takes to compute the four rankings of a query under other settings (search_tab/tuning.py), a row a sticker. */
interface Candidates {
  complete: boolean;
  ids: string[];
  tokens: string[];
  postings: { field: string; tokens: Record<string, [rows: number[], impacts: number[]]> }[];
  counts: number[][];
  maxima: number[];
  preference: number[] | null;
  cluster: number[] | null;
  likeness: number[] | null;
  /** Which show as much of a described drawing as any does. */
  whole: boolean[] | null;
  stickers: Record<string, Sticker>;
}

/** One place of a ranking with everything its card needs. */
interface Entry {
  id: string;
  rank: number;
  recallRank: number;
  recall: number;
  final: number;
  sticker: Sticker;
  parts: HitParts;
  usesUtility: boolean;
  usesPreference: boolean;
}

interface Move {
  kind: "up" | "down" | "same" | "new" | "gone";
  steps?: number;
  before: number | null;
  after: number | null;
  sign?: string;
  word?: string;
  sentence?: string;
}

interface Card {
  element: HTMLElement;
  bar: HTMLElement;
  entry: Entry;
  update(answer: Answer, entry: Entry, move: Move | null, largest: number, extras?: Node[]): void;
}

/** One list of cards (search_tab/column.js). */
interface Column {
  name: string;
  others: Column[];
  ids(): string[];
  entry(id: string): Entry | null;
  above(entry: Entry): Entry | null;
  answer(): Answer | null;
  show(answer: Answer | null, entries: Entry[], move: (id: string) => Move | null, largest: number, extras?: (id: string) => Node[]): void;
  link(id: string, on: boolean): void;
  mark(id: string, on: boolean): void;
  explain(card: Card): void;
}

/** The score in its three parts. */
type ScoreParts = Record<"relevance" | "meaning" | "utility" | "preference", number>;

/** What a score is made of before any weight: BM25 a field, the three sqrt(Norm(U)) of Eq. 5, preference. */
interface Ingredients {
  fields: Record<string, number>;
  utility: number[];
  preference: number;
  /** Likeness; null in a search by words alone. */
  meaning: number | null;
}

/** A setting that alone would flip two stickers: where it stands, where both score the same, and by how much at a value. */
interface Flip {
  setting: string;
  now: number;
  level: number;
  gap: (value: number) => number;
  way: number;
}

/** Utility of every candidate, and its three summands. */
interface Worth {
  value: Float32Array;
  parts: number[][];
}

/** Makes the button of a term (search_tab/terms.js). */
type Term = (name: string, look: string, ...content: Child[]) => HTMLElement;

type CountedQuery = [query: string, clicks: number];
type Share = [look: string, share: number];

// ---- figures and cases

/** A place of a list as it is shown, for a figure or a kept case. */
interface ShownPlace {
  id: string;
  sticker: Sticker;
  rank: number;
  kind: string | null;
  badge: string | null;
  marked: boolean;
}

interface ShownList {
  title: string;
  hint: string;
  entries: ShownPlace[];
}

/** What shared/figure.js draws. */
interface Figure {
  language: Language;
  eyebrow: string;
  title: string;
  person: string;
  /** The sticker that stands for the person. */
  face: string | null;
  sentences: string[];
  rows: FigureRow[];
  /** What ticked stickers, and signs of movement, mean. */
  ticks: string;
  badges: string;
  footer: string[];
  description: string;
}

interface FigureRow {
  title: string;
  hint: string;
  /** What is said in the last place; "": nothing. */
  absent: string;
  entries: FigureEntry[];
}

interface FigureEntry {
  id: string;
  rank: number;
  kind: string | null;
  badge: string | null;
  marked: boolean;
  /** Whether places above it are left out. */
  apart?: boolean;
}

/** A list of results as it stands on the page. told: the key of its name, and whose it is: 0 the searcher's, 1 the other person's. */
interface ListShown {
  title: string;
  hint: string;
  told: { key: string; side: number };
  entries: (FigureEntry & { sticker: Sticker })[];
}

/** A short ranking of a case. */
interface CaseRanking {
  name: string;
  first: string[];
  place: number | null;
  /** Of a kept case: how each of `first` moved, and whether it is marked. */
  moves?: { kind: string | null; badge: string | null; marked: boolean }[];
}

/** A mined case (cases_tab/listing.py). */
interface MinedCase {
  kind: string;
  user: string;
  query: string;
  sticker: string;
  rankings: CaseRanking[];
  found_in: string[];
  preference: number | null;
  counts: number[];
  stickers: Record<string, Sticker>;
  content_hash?: undefined;
  settings?: undefined;
}

/** A search that a visitor kept (cases_tab/kept.js). */
interface KeptCase {
  kind: "kept";
  date: string;
  content_hash: string;
  /** The page's state as an address. */
  address: string;
  user: string;
  query: string;
  sticker: null;
  settings: Settings & TunedSettings;
  rankings: CaseRanking[];
  stickers: Record<string, Sticker>;
}

type Case = MinedCase | KeptCase;

/** A case as it is taken home. */
type PlainCase = Omit<Case, "stickers"> & { sentence: string; note: string; link: string };

type CaseKind = { name: string; state: "" | "empty" | "none"; cases: MinedCase[] };

/** What the server mined (cases_tab/listing.py). captions: whether a field was computed. */
interface MinedCases {
  error?: undefined;
  kinds: CaseKind[];
  captions: Record<string, boolean>;
  questions: number;
}

/** What the story tells of (presentation/choosing.py). */
interface ChosenStory {
  query: string;
  user: string | null;
  other: string | null;
  shared: number | null;
  sticker: string;
}

/** One step of the story. name: of its texts (story_NAME); said: the sentences on it; content: what else it shows. */
interface StoryStep {
  name: string;
  title: string;
  said: string[];
  content: Node[];
}

// ---- blind rounds

type Team = "A" | "B";

/** What is asked of the server for a round. */
interface Trial {
  query: string;
  user: string;
  first: RankingName;
  second: RankingName;
  seed: number;
  likes?: unknown[];
}

/** What is told after the choice (blind_tab/rounds.py). */
interface Revealed {
  error?: undefined;
  picks: [sticker: string, team: Team][];
  places: Record<string, [a: number | null, b: number | null]>;
  rankings: Record<Team, string[]>;
  credit: Team | null;
  depth: number;
}

/** A round on the page. */
interface Round {
  trial: Trial;
  stickers: Sticker[];
  choice?: string | null;
  revealed?: Revealed;
  /** Whether one of its rankings was revealed by an earlier round. */
  known?: boolean;
}

/** A played round as the browser keeps it, and as it is exported. */
interface PlayedRound {
  time: string;
  bundle: string;
  content_hash: string;
  simulated: boolean;
  settings: Settings;
  seed: number;
  query: string;
  user: string | null;
  likes?: number;
  rankings: Record<Team, { name: RankingName; ids: string[] }>;
  interleaved: { sticker: string; team: Team }[];
  choice: string | null;
  credit: Team | null;
}

interface Posterior {
  error?: undefined;
  mean: number;
  low: number;
  high: number;
  above_half: number;
}

// ---- the chat

type Side = "left" | "right";

/** live: written during this visit, not part of a ready conversation. */
interface ChatMessage {
  side: Side;
  by: string;
  text?: string;
  sticker?: Sticker;
  live?: boolean;
}

/** Two people by id, "" for nobody, and what they wrote, the oldest first. */
interface Conversation {
  left: string;
  right: string;
  /** What kind of conversation it is, "" or absent for none in particular. */
  domain?: string;
  messages: ChatMessage[];
}

interface ReadyConversation {
  people: [left: string, right: string];
  turns: [speaker: string, phrase: string, sticker: string][];
}

interface Ready {
  conversations: ReadyConversation[];
  stickers: Record<string, Sticker>;
}

/** Whoever writes; sent: the stickers that they sent during this visit (a visitor's are among the likes). */
interface Writer {
  user: string;
  likes?: unknown[];
  sent?: string[];
  domain?: string;
}

interface ChatRequest extends Writer {
  messages: { from: string; text: string; sticker: string }[];
  draft: string;
  compare: boolean;
}

/** What is offered for words (chat_tab/calls.py). */
interface ChatOffer {
  source: "draft" | "last_turn" | "request" | "";
  asked: string;
  place: number | null;
  answer: Answer | Refusal | null;
  offered: boolean;
}

interface ChatReply extends ChatOffer {
  error?: undefined;
  last: ChatOffer | null;
  /** What other methods offer, where a comparison is wanted. */
  methods: ChatMethod[];
  /** The measured R@10 of PerSRV for everybody, null for none or without a comparison. */
  recall: number | null;
}

/** What another method offers, with its measured R@10, null for none: the answer of a search, or what a model says. */
type ChatMethod = { recall: number | null } & (ChatSearch | ChatModel);
interface ChatSearch {
  name: "BM25" | "meaning alone";
  answer: Answer | Refusal;
}
interface ChatModel {
  name: "retrieving LM" | "SRS";
  answer: null;
  state: "offers" | "unwanted" | "missing" | "broken";
  stickers: Sticker[];
  /** Of a broken one. */
  error?: string;
}

/** A writer's style; told null: they have none. stickers: of how many it is made. */
interface ChatTaste {
  error?: undefined;
  told: YouTold | null;
  stickers: number;
}

// ---- the map

/** The points of the map (map_tab/points.js); a row is a place in every column. */
interface Points {
  ids: string[];
  images: string[];
  texts: string[];
  x: number[];
  y: number[];
  clicks: number[];
  utility: number[];
  total: number;
  density: Density | null;
  size: number;
  rows: number[];
  rowOf: Map<string, number>;
  byClicks: number[];
  label(key: string, row: number): string;
  add(sent: SentPoints): void;
  sticker(row: number): Sticker;
}

interface Density {
  x: number[];
  y: number[];
  counts: number[][];
}

/** Points column by column as the server sends them (map_tab/points.py). */
interface SentPoints {
  ids: string[];
  images: string[];
  texts: string[];
  labels: Record<string, { values: string[]; codes: number[] }>;
  x: number[];
  y: number[];
  clicks: number[];
  utility: number[];
}

type SentMap = SentPoints & { total: number; density?: Density; plotly: string };

/** Ranges of both axes. */
interface MapWindow {
  x: [number, number];
  y: [number, number];
}

/** Rows of one colour. step: its place on a ramp of five, null where there is no order; rest: what has no group. */
interface MapGroup {
  name: string;
  rows: number[];
  step: number | null;
  rest?: boolean;
}

/** What a plot shows. quiet: whether something else is to be seen; alone: the group that is seen alone. */
interface MapView {
  groups: MapGroup[];
  tastes: [cluster: number, rows: number[]][];
  selected: number[];
  quiet: boolean;
  alone: number | null;
}

/** What stands over a point. room: pixels across. */
interface MapMark {
  row: number;
  element: HTMLElement;
  room: number;
}

/** Where rows are drawn, in pixels of the figure. */
interface Placer {
  place(row: number): [x: number, y: number];
  width: number;
  height: number;
}

interface Plot {
  element: HTMLElement;
  readonly window: MapWindow | null;
  draw(plotly: any, view: MapView): Promise<void>;
  use(tool: string): void;
  show(window: MapWindow): Promise<void> | undefined;
  zoom(factor: number): Promise<void> | undefined;
  reset(): Promise<void> | undefined;
  resize(): Promise<void>;
  placer(): Placer | null;
}

/** What people do on a plot, told as rows of the points. */
interface PlotEvents {
  hover(row: number): void;
  leave(): void;
  click(row: number): void;
  select(rows: number[]): void;
  moving(): void;
  moved(): void;
}

/** What Plotly tells of a pointer or a selection; null: nothing is selected any more. */
type PlotlyEvent = { points?: { customdata: number }[]; lassoPoints?: unknown; range?: unknown } | null | undefined;

type Theme = "light" | "dark";

interface MapLayer {
  element: HTMLElement;
  follow(): void;
  arrange(): void;
  mark(marks: MapMark[]): void;
  pictures(on: boolean): void;
  ring(row: number | null): void;
  card(row: number, lines: string[]): void;
  hideCard(): void;
}

/** Row -> the taste and the clicks of a person there. */
type Members = Map<number, { cluster: number; clicks: number }>;

/** One person's map. */
interface PersonsMap {
  user: string;
  members: Members;
  plot: Plot;
  layer: MapLayer;
  element: HTMLElement;
  name: HTMLElement;
  tools: HTMLElement;
  /** The window it opens with. */
  opening: MapWindow | null;
  /** Whether it is being moved after the other one, and whether it moved since that began. */
  led: boolean;
  ahead: boolean;
}

/** What of the map is looked at, and how. */
interface MapLook {
  colouring: string;
  /** "tastes" or "results". */
  shows: string;
  /** The place of the group that is seen alone. */
  alone: number | null;
  /** The row whose neighbours are shown. */
  chosen: number | null;
  groups: MapGroup[];
}

/** What panel, marks and list may do with the map (map_tab/map.js). */
interface StyleMap {
  server: MapServer;
  readonly points: Points;
  selected: number[];
  choose(row: number | null): void;
  point(row: number | null, withCard?: boolean): void;
  toggle(row: number): void;
  select(rows: number[]): void;
  linesOf(row: number): string[];
  actions(rows: number[]): Node[];
}

// ---- captions

/** Where a sticker stands in one description of the catalogue. */
interface Standing {
  rank: number | null;
  recall_rank: number | null;
  matched: number;
  counted: boolean;
  deep: boolean;
}

type Standings = Record<string, Standing>;

/** One sticker of a list, with its label (captions_tab/showing.py). */
interface Inspection {
  error?: undefined;
  sticker: StickerDetail | null;
  list: {
    name: string;
    fallback: string;
    total: number;
    place: number | null;
    previous: string | null;
    next: string | null;
    start: number;
    strip: Sticker[];
  };
  query: string;
  places: Standings | null;
  held_out: number;
  recall_size: number;
}

/** A query that was asked, and where the sticker stood for whoever asked it. */
interface AskedRow {
  query: string;
  user: string;
  places: Standings;
  current?: boolean;
  trained?: boolean;
}

/** A keyword and its marks (captions_tab/keywords.js). */
type MarkedWord = [word: string, marks: string[]];

/** A person and how near a picture is to their taste; beyond: the share of the catalogue that is less near. */
interface Fan {
  user: string;
  preference: number;
  beyond: number;
  nearest: NearSticker[];
}

/** What a picture has to do with the catalogue and its people (captions_tab/calls.py). */
interface Kin {
  error?: undefined;
  /** Whether the picture is unlike all of the catalogue. */
  unlike: boolean;
  neighbours: NearSticker[];
  audience: Fan[];
}

interface HeldOut {
  error?: undefined;
  queries: { query: string; trained: boolean; askers: { user: string; places: Standings }[] }[];
  scores: Record<string, Record<string, number | null>>;
}

/** What the server can do with a visitor's picture. */
interface OwnPictureSetup {
  error?: string;
  available?: boolean;
  sees?: boolean;
  reads_text?: boolean;
  max_text: number;
  max_bytes: number;
  types: string[];
  examples: Sticker[];
}

/** Words read on a picture; engine null: nothing here can read. */
interface PictureWords {
  engine: string | null;
  text: string;
  width: number;
  height: number;
  lines: OcrLine[];
  /** Whether they stay out of the field, because a visitor had typed there. */
  kept_out?: boolean;
}

/** What is captioned: a sticker, or a visitor's file (encoded null: the browser cannot read it). */
interface CaptionSource {
  sticker?: Sticker;
  encoded?: string | null;
  file?: File;
  words?: PictureWords;
}

// ---- evidence

interface About {
  name: string;
  content_hash: string;
  licence: string;
  notes: InLanguages;
  stickers: number;
  settings: Settings;
  /** Names of what opening found odd (persrv/bundle/derivation.py). */
  /** Whether tastes are linear discriminants; else a taste is the nearest cluster. */
  discriminant: boolean;
  doubts: string[];
  /** What personalization gains (sections.headline), as shares; null where it was not measured. apart: beyond chance. */
  headline: { ours: number; without: number; gain: number; low: number; high: number; simulated: boolean; apart: boolean } | null;
  gates: { name: string; bound: string; value: number; goal: number; cases: number | null; passed: boolean }[];
  vlm: Vlm | null;
}

/** How good captions of held-out stickers are. */
interface Vlm {
  rows: ({ name: string; shipped: boolean } & Record<string, any>)[];
  ceiling: number | null;
  rule: InLanguages | null;
  unspelt: { tokens: number; of: number; stickers: number } | null;
  examples: ({ sticker: Sticker; kind: string; ocr: string; reference: string[]; recall: number } & Record<string, any>)[];
  base_examples: { sticker: Sticker; description: string; emotion: string; truth: Record<string, string>; right: Record<string, boolean> }[];
}

interface MeasuredFigure {
  value: number;
  low?: number;
  high?: number;
  p?: number;
  mark?: string;
}

interface MeasuredRow {
  name: string;
  group?: InLanguages;
  note?: InLanguages;
  figures: Record<string, MeasuredFigure>;
  paper?: Record<string, number>;
}

interface MeasuredTable {
  name: string;
  title: InLanguages;
  columns: string[];
  rows: MeasuredRow[];
  notes: InLanguages[];
  labels?: Record<string, InLanguages>;
  digits: number;
  /** Columns of whole numbers. */
  whole: string[];
}

/** A point of a curve's x axis. */
type CurvePoint = string | number | InLanguages;

interface MeasuredCurve {
  name: string;
  title: InLanguages;
  part: string;
  x_label: InLanguages;
  y_label: InLanguages;
  x: CurvePoint[];
  y: number[];
  lower?: number[];
  upper?: number[];
  chosen: CurvePoint | null;
}

/** One section of what `evaluate` wrote (about_tab/sections.py). */
interface Section {
  error?: undefined;
  name: string;
  title: InLanguages;
  data: InLanguages;
  lead: InLanguages | null;
  tables: MeasuredTable[];
  curves: MeasuredCurve[];
  notes: InLanguages[];
}

/** A value of a choice, its text, and what it stands under. */
type Choice = [value: string, text: string, group?: string];

/** The sections that a bundle holds, and what an import left out. clicks: whether the places of test clicks are there. */
interface EvidenceIndex {
  error?: undefined;
  sections: { name: string; label: InLanguages }[];
  clicks: boolean;
  left_out: LeftOut | null;
}

/** All sections, one on show (about_tab/evidence.js). */
interface Evidence {
  element: HTMLElement;
  leftOut: HTMLElement;
  open(): Promise<void>;
  draw(failed?: boolean): void;
}

/** What an import left out (about_tab/leftout.py). */
interface LeftOut {
  folder: string;
  files: number;
  pictures: number;
  left_out: LeftOutRow[];
  clicks: { file: string; rows: number; clicks: number; left_out: LeftOutRow[] } | null;
}

interface LeftOutRow {
  reason: InLanguages;
  count: number;
  examples: string[];
}

/** Test clicks by their rank in another ranking and in ours; 0: not among `depth`. */
interface TestClicks {
  error?: undefined;
  rows: ClickRow[];
  of: number;
  depth: number;
  method: string;
  against: string;
  methods: string[];
}

type ClickRow = [user: string, query: string, sticker: string, before: number, after: number];

/** Clicks of the same two ranks. */
interface Dot {
  before: number;
  after: number;
  way: "up" | "down" | "same";
  clicks: TestClick[];
}

/** What was chosen where, so that another language keeps it. */
type Picks = Record<string, string>;

interface TestClick {
  user: string;
  query: string;
  sticker: string;
  before: number;
  after: number;
}

/** Topic -> sticker -> grade. */
type Judged = Record<string, Record<string, number>>;

interface Measured {
  means: Record<string, number> | null;
  topics: Record<string, Record<string, number>>;
}

/** A side of the comparison: settings, or a run file where `file` names one. */
interface JudgeSide {
  name: string;
  /** the key of its text while it is settings */
  title: string;
  settings: Record<string, number>;
  rankings: Record<string, string[]>;
  file: string;
}

/** What the judge tab knows, and how its parts change it. */
interface Judging {
  /** who searches; "" for nobody */
  user: string;
  sides: JudgeSide[];
  stickers: Record<string, Sticker>;
  /** side -> measures; empty until something was measured */
  measures: Record<string, Measured>;
  /** the list of queries as it was typed */
  text(): string;
  topics(): { topic: string; query: string }[];
  judgements(): Judged;
  /** of every topic of the list its judgements, of others none */
  judgementsInList(): Judged;
  gradeOf(topic: string, sticker: string): number | undefined;
  keep(changed: { text?: string; judgements?: Judged }): void;
  /** grade null: none any more */
  judge(topic: string, sticker: string, grade: number | null): void;
}

// ---- what others put on the page

interface Window {
  gradio_config?: { root?: string; api_prefix?: string; space_id?: string };
  Plotly: any;
}

// The page queries HTML: what is SVG is written, never searched for.
interface ParentNode {
  querySelector<K extends keyof HTMLElementTagNameMap>(selectors: K): HTMLElementTagNameMap[K] | null;
  querySelector(selectors: string): HTMLElement | null;
  querySelectorAll<K extends keyof HTMLElementTagNameMap>(selectors: K): NodeListOf<HTMLElementTagNameMap[K]>;
  querySelectorAll(selectors: string): NodeListOf<HTMLElement>;
}
