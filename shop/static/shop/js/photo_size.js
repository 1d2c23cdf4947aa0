// Makes a chosen photo small on the phone, before it goes through a village's network. What this browser cannot open is
// left as it is: the server's intake decides.
//
//   await shrinkChosen(field);   // a file field with one chosen file
const LONG_SIDE_PX = 1600;
const SMALL_ENOUGH_BYTES = 400_000;

async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    const scale = Math.min(1, LONG_SIDE_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => {
      canvas.toBlob(done, "image/jpeg", 0.85);
    });
  } finally {
    picture.close();
  }
}

export async function shrinkChosen(field) {
  const [file] = field.files;
  if (!file || file.size <= SMALL_ENOUGH_BYTES) return;
  try {
    const small = await smaller(file);
    if (!small || small.size >= file.size) return;
    const box = new DataTransfer();
    box.items.add(new File([small], "anh.jpg", { type: "image/jpeg" }));
    field.files = box.files;
  } catch {
    // kept as it was chosen
  }
}
