/**
 * What is wrong with the screen now shown, as a list of sentences: text cut off, targets too small for a thumb, keys
 * instead of words, words of the other language. Runs inside the page.
 */
async () => {
  const { zh } = await import("/static/locales/zh.js");
  const wrong = [];
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 2 && box.height > 2 && getComputedStyle(element).visibility !== "hidden";
  };
  const name = (element) =>
    `<${element.tagName.toLowerCase()} class="${element.className.baseVal ?? element.className}"> ${element.textContent.trim().slice(0, 30)}`;

  if (document.documentElement.scrollWidth > window.innerWidth)
    wrong.push(`the page is ${document.documentElement.scrollWidth} px wide`);
  for (const element of document.querySelectorAll("#app *")) {
    if (!seen(element) || element.closest("svg, .unseen, .strip")) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (box.right > window.innerWidth + 1 || box.left < -1) {
      // Facts hang one dot outside the margin on purpose, and cut it off there.
      if (!element.closest(".facts")) wrong.push(`outside the screen: ${name(element)}`);
    }
    if (style.overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1 && element.tagName !== "INPUT")
      wrong.push(`cut off: ${name(element)}`);
  }

  const least = 48;
  for (const element of document.querySelectorAll(
    "button, a[href], input, textarea, summary, [role=radio], [role=checkbox], [role=switch]",
  )) {
    if (!seen(element) || element.closest(".unseen") || element.classList.contains("unseen")) continue;
    const box = element.getBoundingClientRect();
    if (box.height < least - 0.5 || box.width < least - 0.5)
      wrong.push(`target of ${Math.round(box.width)} × ${Math.round(box.height)} px: ${name(element)}`);
  }

  const texts = [...document.querySelectorAll("#app, #app [aria-label], #app [placeholder], #app [alt]")]
    .flatMap((element) => [
      element.id === "app" ? element.innerText : "",
      element.getAttribute("aria-label"),
      element.getAttribute("placeholder"),
      element.getAttribute("alt"),
    ])
    .filter(Boolean)
    .join("\n");
  for (const key of Object.keys(zh)) if (key.includes(".") && texts.includes(key)) wrong.push(`raw key: ${key}`);
  for (const leak of ["undefined", "null", "NaN", "[object", "{", "Invalid"])
    if (texts.includes(leak)) wrong.push(`leaked: ${leak}`);

  // What people and places are called stays as it is in either language.
  const data = new Set(
    (JSON.stringify([fake.data, fake.get().person]) + "中文 English 张有田 陈秀兰 张志强 王晓红 李梅 赵主任 王师傅").match(
      /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+/g,
    ),
  );
  const stray =
    document.documentElement.lang === "en"
      ? (texts.match(/[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+/g) || []).filter(
          (word) => ![...data].some((known) => known.includes(word)) && !/^[，。；]+$/.test(word),
        )
      : (texts.match(/[A-Za-z][A-Za-z-]+/g) || []).filter(
          (word) => !["Wi-Fi", "KB", "MB", "English", "Redmi"].includes(word),
        );
  for (const word of new Set(stray)) wrong.push(`of the other language: ${word}`);
  return wrong;
};
