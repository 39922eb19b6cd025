"""How small the letters of a picture are on the screen."""

# Pixels: the size of the letters in units of the picture, times what one unit measures where it is shown.
SMALLEST_LETTERS = """(picture) => Math.min(...[...document.querySelectorAll(`${picture} text`)].map((text) => {
  const svg = text.ownerSVGElement, box = svg.getBoundingClientRect();
  const scale = box.width / svg.viewBox.baseVal.width;
  return box.width ? parseFloat(getComputedStyle(text).fontSize) * scale : Infinity;
}))"""
