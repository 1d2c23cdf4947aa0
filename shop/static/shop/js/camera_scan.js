// Reading QR codes with the phone's camera or from a photo, by the vendored decoder alone: no BarcodeDetector (desktop
// browsers lack it), no wasm (the content policy forbids it). Knows nothing of payment codes or pages.
//
//   const scanner = await startScan(video, { onText });   // asks for the camera; rejects with a DOMException
//   scanner.stop();                                       // lets go of the camera; safe to call twice
//   const text = await readPhoto(file);                   // "" when there is no code in it
//
// `onText(text)` is called once, with the text as it stands in the code; the camera is let go of before.
import decodeQR from "../vendor/qr/decode.js";

const EVERY_MS = 120; // leaves a slow phone time to draw the picture
const LONG_SIDE_PX = 960; // what the decoder sees of a video frame: a code fills a third of it or more
const PHOTO_SIDES_PX = [1280, 800, 2000];
const MOST_PHOTO_BYTES = 30_000_000;

function pixelsOf(source, width, height, canvas) {
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(source, 0, 0, width, height);
  return pen.getImageData(0, 0, width, height);
}

function decode(image) {
  try {
    return decodeQR(image) || "";
  } catch {
    return ""; // the decoder throws where it finds nothing
  }
}

// For a tilted code or a grainy evening picture: two rounds of a 3 × 3 mean, then the full range of greys.
function softened({ width, height, data }) {
  let grey = new Float32Array(width * height);
  for (let i = 0; i < grey.length; i += 1) grey[i] = (data[4 * i] + 2 * data[4 * i + 1] + data[4 * i + 2]) / 4;
  for (let round = 0; round < 2; round += 1) {
    const next = new Float32Array(grey);
    for (let y = 1; y < height - 1; y += 1) {
      for (let x = 1; x < width - 1; x += 1) {
        const at = y * width + x;
        let sum = 0;
        for (let dy = -width; dy <= width; dy += width) sum += grey[at + dy - 1] + grey[at + dy] + grey[at + dy + 1];
        next[at] = sum / 9;
      }
    }
    grey = next;
  }
  let low = 255;
  let high = 0;
  for (const value of grey) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const stretched = new Uint8ClampedArray(data.length);
  const factor = 255 / Math.max(1, high - low);
  for (let i = 0; i < grey.length; i += 1) {
    const value = (grey[i] - low) * factor;
    stretched[4 * i] = stretched[4 * i + 1] = stretched[4 * i + 2] = value;
    stretched[4 * i + 3] = 255;
  }
  return { width, height, data: stretched };
}

export function canScan() {
  return Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
}

export async function startScan(video, { onText }) {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  const canvas = document.createElement("canvas");
  let timer = 0;
  let stopped = false;
  let turn = 0;

  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  const look = () => {
    if (stopped) return;
    const { videoWidth, videoHeight } = video;
    if (videoWidth && !document.hidden) {
      const scale = Math.min(1, LONG_SIDE_PX / Math.max(videoWidth, videoHeight));
      const frame = pixelsOf(video, Math.round(videoWidth * scale), Math.round(videoHeight * scale), canvas);
      turn += 1;
      const text = decode(turn % 3 ? frame : softened(frame));
      if (text) {
        stop();
        onText(text);
        return;
      }
    }
    timer = setTimeout(look, EVERY_MS);
  };

  video.srcObject = stream;
  video.muted = true;
  video.setAttribute("playsinline", ""); // or an iPhone fills the screen with its own player
  try {
    await video.play();
  } catch (error) {
    stop();
    throw error;
  }
  look();
  return { stop };
}

export async function readPhoto(file) {
  if (!file || file.size > MOST_PHOTO_BYTES) return "";
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return ""; // not a picture this browser can open
  }
  try {
    const canvas = document.createElement("canvas");
    for (const side of PHOTO_SIDES_PX) {
      const scale = Math.min(1, side / Math.max(picture.width, picture.height));
      const frame = pixelsOf(picture, Math.round(picture.width * scale), Math.round(picture.height * scale), canvas);
      const text = decode(frame) || decode(softened(frame));
      if (text) return text;
    }
    return "";
  } finally {
    picture.close();
  }
}
