/** Shows the screens over the fake app; `?state=` holds what to bend, as JSON. Tests reach the app as `window.fake`. */

import { mount } from "/static/ui/app.js";
import { fakeApp } from "/browser/fake_app.js";

const options = JSON.parse(new URLSearchParams(window.location.search).get("state") || "{}");
const fake = fakeApp(options);
Object.assign(window, { fake });
mount(/** @type {Element} */ (document.getElementById("app")), fake);
