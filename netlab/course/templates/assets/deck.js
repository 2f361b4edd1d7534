// Makes each slide fit 1280 × 720, then starts reveal.js.
//
// A page is tried with its code above its output and beside it, in ever smaller type, until everything is
// inside; pictures take the room that is left. What would still be too small to be read from the last row is
// cut in two: the code, then what it shows. No slide ever needs a scroll bar.
(function () {
  "use strict";

  const SCALES = [1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52];
  const GROWN = [1.25, 1.12]; // for code without prose, which stands in smaller type
  const DENSE = 0.85; // below it, the rows of tables move closer together
  const STRAIGHT = 0.7; // down to it, tables rather become smaller than break their lines
  const SMALLEST_PICTURE = 0.2; // of its natural size
  const LARGEST_PICTURE = 1.7;
  const NARROWEST_TEXT = 0.62; // of its font size: beyond it, long lines are wrapped
  const NARROWEST_SENTENCE = 0.85; // the same for an output of a few lines, and the size of outputs that are wrapped
  const LETTERS = 13; // pixels: the letters of a picture in its natural size
  const EASY = { text: 20, letters: 16 }; // pixels on a slide: easy to read
  const HARD = { text: 15, letters: 13 }; // pixels on a slide: hard to read
  const FEW_LINES = 3; // of code: no reason to cut a slide in two; of an output: sentences rather than a table

  function isInside(page) {
    const content = page.querySelector(".content");
    return content.scrollHeight <= content.clientHeight + 1 && content.scrollWidth <= content.clientWidth + 1;
  }

  function linesOf(text) {
    return text.textContent.trim().split("\n").length;
  }

  // Narrow the type of text whose lines are too long; returns the smallest factor used.
  function fitLines(page, scale) {
    const texts = [...page.querySelectorAll("pre")];
    const factors = texts.map((text) => {
      text.classList.remove("wide");
      text.style.fontSize = "";
      const factor = Math.min(1, text.clientWidth / text.scrollWidth);
      const isCode = text.closest(".code");
      const isSentence = !isCode && linesOf(text) <= FEW_LINES && !/ {4}/.test(text.textContent);
      const narrowest = (isSentence ? NARROWEST_SENTENCE : NARROWEST_TEXT) / Math.max(1, scale);
      const isWide = factor < narrowest;
      const size = parseFloat(getComputedStyle(text).fontSize);
      text.style.fontSize = `${size * (isWide && !isCode ? NARROWEST_SENTENCE : Math.max(factor, narrowest))}px`;
      text.classList.toggle("wide", isWide);
      return isSentence ? Math.max(factor, narrowest) : factor;
    });
    return Math.min(1, ...factors);
  }

  function picturesOf(page) {
    return [...page.querySelectorAll(".content img")].filter((picture) => picture.naturalWidth);
  }

  function sizePictures(pictures, factor) {
    for (const picture of pictures) {
      const width = Math.min(picture.naturalWidth * factor, picture.parentElement.clientWidth);
      picture.style.width = `${width}px`;
      picture.style.height = `${(width * picture.naturalHeight) / picture.naturalWidth}px`;
    }
  }

  // The largest pictures that fit, or false if even the smallest allowed do not.
  function fitPictures(page) {
    const pictures = picturesOf(page);
    const fits = (factor) => (sizePictures(pictures, factor), isInside(page));
    let smallest = SMALLEST_PICTURE;
    if (!fits(smallest)) return false;
    let largest = LARGEST_PICTURE;
    for (let step = 0; pictures.length && step < 7; step++) {
      const middle = (smallest + largest) / 2;
      if (fits(middle)) smallest = middle;
      else largest = middle;
    }
    return fits(smallest);
  }

  function arrange(page, { side, straight, dense, scale }) {
    page.classList.toggle("side", side);
    page.classList.toggle("straight", straight);
    page.classList.toggle("dense", dense);
    page.style.setProperty("--fit", scale);
    const narrowed = fitLines(page, scale);
    return narrowed >= (scale > 1 ? 0.9 : side ? 0.8 : 0) && fitPictures(page);
  }

  // The smallest letters of an arranged page, in text and in pictures.
  function lettersOf(page) {
    const texts = [...page.querySelector(".content").querySelectorAll("pre, p, li, td")];
    const pictures = picturesOf(page);
    return {
      text: Math.min(...texts.map((text) => parseFloat(getComputedStyle(text).fontSize))),
      letters: LETTERS * Math.min(...pictures.map((picture) => picture.offsetWidth / picture.naturalWidth)),
    };
  }

  // The ways to arrange a page, the best ones first.
  function* arrangements(page) {
    const cells = page.querySelectorAll(".jp-CodeCell:has(.code):has(.jp-OutputArea-output)");
    const layouts = cells.length === 1 ? [false, true] : [false];
    const hasTable = page.querySelector(".content table");
    const isCode = page.querySelector(".code") && !page.querySelector(".jp-MarkdownCell");
    const scales = isCode && !picturesOf(page).length ? [...GROWN, ...SCALES] : SCALES;
    for (const straight of hasTable ? [true, false] : [false])
      for (const scale of straight ? scales.filter((each) => each >= STRAIGHT) : scales)
        for (const dense of hasTable && scale < DENSE ? [false, true] : [false])
          for (const side of layouts) yield { side, straight, dense, scale };
  }

  // The first way that fits; with pictures, the one whose smallest letters are the largest.
  function fit(page) {
    let best = null;
    let most = 0;
    for (const arrangement of arrangements(page)) {
      if (!arrange(page, arrangement)) continue;
      const { text, letters } = lettersOf(page);
      const ease = Math.min(1, text / EASY.text, letters / EASY.letters);
      if (ease > most + 0.02) [best, most] = [arrangement, ease];
      if (most === 1 || letters === Infinity) break;
    }
    arrange(page, best ?? { side: false, straight: false, dense: true, scale: SCALES.at(-1) }); // too full; the tests name it
  }

  // Whether a page has no more than a cell's code and what it shows, and both are hard to read together.
  function isCrowded(page) {
    const [cell, ...others] = page.querySelector(".content").children;
    if (others.length || !cell?.matches(".jp-CodeCell:has(.code):has(.jp-OutputArea-output)")) return false;
    if (linesOf(cell.querySelector(".code")) <= FEW_LINES) return false;
    const { text, letters } = lettersOf(page);
    return text < HARD.text || letters < HARD.letters;
  }

  // Move what a page's code shows to a slide of its own, and return that slide's page.
  function split(page) {
    const slide = page.closest("section");
    const next = slide.cloneNode(true);
    next.querySelectorAll(".jp-Cell-inputWrapper, .lead").forEach((part) => part.remove());
    slide.querySelector(".jp-Cell-outputWrapper").remove();
    slide.after(next);
    return next.querySelector(".page");
  }

  function fitAlone(page) {
    const sections = [page.closest("section"), page.closest("section").parentElement];
    const answers = [...page.querySelectorAll(".jp-MarkdownCell details:not([open])")];
    answers.forEach((answer) => (answer.open = true)); // an answer has to fit when it is shown
    sections.forEach((section) => section.classList.add("now"));
    fit(page);
    if (isCrowded(page)) {
      const next = split(page);
      fit(page);
      sections[0].classList.remove("now");
      next.closest("section").classList.add("now");
      fit(next);
      next.closest("section").classList.remove("now");
    }
    sections.forEach((section) => section.classList.remove("now"));
    answers.forEach((answer) => (answer.open = false));
  }

  function fitAll() {
    document.body.classList.add("measuring");
    document.querySelectorAll("details[open]").forEach((listing) => listing.classList.add("shown"));
    document.querySelectorAll(".page").forEach(fitAlone);
    document.body.classList.remove("measuring");
  }

  // A chart of plotly.js stands as a picture until the mouse comes over it, as in JupyterLab.
  function enliven(description) {
    const picture = description.previousElementSibling;
    const begin = () => {
      picture.removeEventListener("mouseenter", begin);
      const image = picture.querySelector("img");
      const figure = JSON.parse(description.textContent);
      const chart = document.createElement("div");
      chart.setAttribute("role", "img");
      chart.setAttribute("aria-label", image.alt);
      const size = { width: image.offsetWidth, height: image.offsetHeight, autosize: false };
      chart.style.cssText = `width:${size.width}px;height:${size.height}px;margin:0 auto`;
      image.replaceWith(chart);
      Plotly.newPlot(chart, figure.data, { ...figure.layout, ...size }, { ...figure.config, responsive: false });
    };
    picture.addEventListener("mouseenter", begin);
  }

  window.addEventListener("load", () => {
    fitAll();
    document.querySelectorAll("script.plotly").forEach(enliven);
    Reveal.initialize({
      width: 1280,
      height: 720,
      margin: 0,
      center: false,
      hash: true,
      slideNumber: "c/t",
      transition: "none",
      pdfSeparateFragments: false,
      pdfMaxPagesPerSlide: 1,
      plugins: [RevealNotes],
    });
  });
})();
