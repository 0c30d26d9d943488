// The login initiation and the answer are forms that the browser sends on by itself.
document.getElementById("continue").submit();
