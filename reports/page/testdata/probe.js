// What a page complains of, from its first line on.
window.complaints = [];
["error", "warn"].forEach(function (level) {
  console[level] = function () { window.complaints.push("console: " + Array.prototype.join.call(arguments, " ")); };
});
window.addEventListener("error", function (e) { window.complaints.push("error: " + e.message); });
window.addEventListener("unhandledrejection", function (e) { window.complaints.push("rejected: " + e.reason); });
document.addEventListener("securitypolicyviolation", function (e) { window.complaints.push("forbidden: " + e.blockedURI); });
