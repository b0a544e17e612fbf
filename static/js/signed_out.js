// Somebody has signed out here: what this browser kept of records for them is nobody else's to find.

const member = new URLSearchParams(location.search).get("signed-out");

try {
  for (const key of Object.keys(localStorage)) if (key.startsWith(`record:${member}:`)) localStorage.removeItem(key);
} catch (error) {
  console.warn("this browser keeps nothing", error);
}
