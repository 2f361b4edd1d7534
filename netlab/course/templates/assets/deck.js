// Makes each slide fit 1280 × 720, then starts reveal.js.
//
// A page is tried with its code above its output and beside it, in ever smaller type, until everything is
// inside; pictures take the room that is left. No slide ever needs a scroll bar.
(function () {
  "use strict";

  const SCALES = [1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52];
  const SMALLEST_PICTURE = [1, 0.7, 0.45, 0.2]; // of its natural size: first choice, second, ...
  const LARGEST_PICTURE = 2.2;
  const NARROWEST_TEXT = 0.62; // of its font size: beyond it, long lines are wrapped

  function isInside(page) {
    const content = page.querySelector(".content");
    return content.scrollHeight <= content.clientHeight + 1 && content.scrollWidth <= content.clientWidth + 1;
  }

  // Narrow the type of text whose lines are too long; returns the smallest factor used.
  function fitLines(page) {
    const texts = [...page.querySelectorAll("pre")];
    const factors = texts.map((text) => {
      text.classList.remove("wide");
      text.style.fontSize = "";
      const factor = Math.min(1, text.clientWidth / text.scrollWidth);
      const size = parseFloat(getComputedStyle(text).fontSize);
      text.style.fontSize = `${size * Math.max(factor, NARROWEST_TEXT)}px`;
      text.classList.toggle("wide", factor < NARROWEST_TEXT);
      return factor;
    });
    return Math.min(1, ...factors);
  }

  function sizePictures(pictures, factor) {
    for (const picture of pictures) {
      const width = Math.min(picture.naturalWidth * factor, picture.parentElement.clientWidth);
      picture.style.width = `${width}px`;
      picture.style.height = `${(width * picture.naturalHeight) / picture.naturalWidth}px`;
    }
  }

  // The largest pictures that fit, or false if even the smallest allowed do not.
  function fitPictures(page, smallest) {
    const pictures = [...page.querySelectorAll(".content img")].filter((picture) => picture.naturalWidth);
    const fits = (factor) => (sizePictures(pictures, factor), isInside(page));
    if (!fits(smallest)) return false;
    let largest = LARGEST_PICTURE;
    for (let step = 0; pictures.length && step < 8; step++) {
      const middle = (smallest + largest) / 2;
      if (fits(middle)) smallest = middle;
      else largest = middle;
    }
    return fits(smallest);
  }

  function arrange(page, side, scale, smallestPicture) {
    page.classList.toggle("side", side);
    page.style.setProperty("--fit", scale);
    const narrowed = fitLines(page);
    return (!side || narrowed >= 0.8) && fitPictures(page, smallestPicture);
  }

  function fit(page) {
    const cells = page.querySelectorAll(".jp-CodeCell:has(.code):has(.jp-OutputArea-output)");
    const layouts = cells.length === 1 ? [false, true] : [false];
    for (const smallestPicture of SMALLEST_PICTURE)
      for (const scale of SCALES)
        for (const side of layouts)
          if (arrange(page, side, scale, smallestPicture)) return;
    arrange(page, false, SCALES.at(-1), SMALLEST_PICTURE.at(-1)); // too full; the tests name it
  }

  function fitAll() {
    document.body.classList.add("measuring");
    for (const page of document.querySelectorAll(".page")) {
      const sections = [page.closest("section"), page.closest("section").parentElement];
      const answers = [...page.querySelectorAll("details:not([open])")];
      answers.forEach((answer) => (answer.open = true)); // an answer has to fit when it is shown
      sections.forEach((section) => section.classList.add("now"));
      fit(page);
      sections.forEach((section) => section.classList.remove("now"));
      answers.forEach((answer) => (answer.open = false));
    }
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
