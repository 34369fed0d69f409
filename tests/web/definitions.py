"""How far a phone is with the definitions of forms and records, and with the parts it keeps: asked on the phone."""

import json

#: What no form asks for and every phone keeps, from the end of its first run on.
ALWAYS = ("seal", "safety", "decisions", "redo")
# Whether these parts are here.
ALWAYS_HERE = f"""async () => {{
  const kept = (await (await caches.open("app")).keys()).map(({{ url }}) => url);
  return {json.dumps(ALWAYS)}.every((part) => kept.some((url) => url.endsWith(`/parts/${{part}}.js`)));
}}"""

# Resolves once they are here, with their parts: 1 is the visit form, 2 is every definition that was announced.
UNTIL_HERE = """(wanted) => new Promise((resolve) => {
  const ask = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
  const here = async () => {
    const person = (await indexedDB.databases()).find(({ name }) => name.startsWith("fieldsvc-"));
    if (!person) return 0;
    const db = await ask(indexedDB.open(person.name));
    const rows = [];
    for (const store of ["forms", "datasets"]) {
      rows.push(...(await ask(db.transaction(store).objectStore(store).getAll())));
    }
    db.close();
    const kept = (await (await caches.open("app")).keys()).map(({ url }) => url);
    const whole = ({ definition }) =>
      definition && (definition.uses || []).every((part) => kept.some((url) => url.endsWith(`/parts/${part}.js`)));
    if (rows.length && rows.every(whole)) return 2;
    return rows.some((row) => row.form === "visit" && whole(row)) ? 1 : 0;
  };
  const look = async () => ((await here()) >= wanted ? resolve() : setTimeout(look, 100));
  look();
})"""
