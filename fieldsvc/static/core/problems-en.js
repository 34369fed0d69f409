/** What the phone itself has to say when something does not work, in English. */

/** @type {Record<string, string>} */
export const ENGLISH = {
  "no-network": "No network. Everything is kept on the phone and goes when there is signal.",
  timeout: "The network is too slow to answer. Everything is kept; it tries again by itself.",
  portal: "This network wants you to sign in to it first. Everything is kept on the phone.",
  "token-expired": "Please sign in again. What is not sent yet is safe on the phone.",
  upgrade: "Update the app to receive news. What you filled in is sent all the same.",
  "photo-unreadable": "The photo was not stored, please take it again. Everything else is saved.",
  "photo-empty": "No photo came back, please take it again.",
  "form-missing": "This form is not on the phone. Sync first.",
  "form-unfinished": "Something is still missing. Please complete it first.",
  "record-gone": "This record is not on the phone.",
  "record-leaving": "This household was handed over. No corrections here.",
  "nothing-changed": "Nothing was changed.",
  "moved-on": "This was changed in another window. Please open it again.",
  unknown: "Something went wrong. What was saved is still here; please try again.",
};
