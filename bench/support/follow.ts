/** What the two ways to follow a run have in common: whom they ask, and what they tell of each event. They end with the process. */
export interface Follow {
  url: string; // of the API
  token: string;
  runId: string; // public
  /** Called once, when the first answer has come. */
  onReady: () => void;
  onEvent: (seq: number) => void;
}
