// While the numbers of a split are changed, their sum and its difference to the total follow. Without this the portal says both
// when the form is checked.
(() => {
  "use strict";
  const form = document.getElementById("bagi");
  const numberOf = (text) => Number((text || "").replace(/[.,\s]/g, "")) || 0;
  const words = (number) => number.toLocaleString(document.documentElement.lang);
  const sumOf = (fields) => Array.from(fields, (field) => numberOf(field.value)).reduce((sum, people) => sum + people, 0);

  form?.addEventListener("input", () => {
    const total = numberOf(document.getElementById("id_total").value);
    const sum = sumOf(form.querySelectorAll("[name^='people-']"));
    for (const line of form.querySelectorAll("[data-split-sum]")) {
      const { exact, less, more } = line.dataset;
      line.querySelector("[data-sum]").textContent = words(sum);
      line.querySelector("[data-total]").textContent = words(total);
      const difference = sum < total ? less : sum > total ? more : exact;
      line.querySelector("[data-difference]").textContent = difference.replace("{n}", words(Math.abs(total - sum)));
      line.classList.toggle("split-wrong", sum !== total);
    }
    for (const group of form.querySelectorAll("[data-group]")) {
      group.querySelector("[data-group-sum]").textContent = words(sumOf(group.querySelectorAll("[name^='people-']")));
    }
  });
})();
