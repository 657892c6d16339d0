/** A step that failed: what, why, and what a person can type about it. */
export class SetUpFailure extends Error {
  /**
   * @param {string} what what failed
   * @param {string} why the cause, one or a few lines
   * @param {string[]} type commands to type; shown one a line
   */
  constructor(what, why, type) {
    super(what);
    this.name = 'SetUpFailure';
    this.why = why;
    this.type = type;
  }

  /** What is printed. */
  toText() {
    const indent = (/** @type {string} */ text) => text.trimEnd().replaceAll('\n', '\n    ');
    return [`\nSet-up failed: ${this.message}`, `  why:  ${indent(this.why)}`, ...this.type.map((line) => `  type: ${line}`)].join('\n');
  }
}
