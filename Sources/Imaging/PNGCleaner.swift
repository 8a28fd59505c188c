import CLibPNG
import Core

/// Unpacks a PNG and packs it anew, so that the pixels are all that is left of it.
enum PNGCleaner {
    static func clean(_ bytes: [UInt8]) throws -> (bytes: [UInt8], size: PixelSize) {
        let chunks = try PNGChunks(bytes)
        try ImageLimits.check(chunks.size)
        let pixels = try unpack(chunks.bytes, chunks.size).made(upright: chunks.orientation)
        return (try pack(pixels), pixels.size)
    }

    private static func unpack(_ bytes: [UInt8], _ size: PixelSize) throws -> Pixels {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        return try bytes.withUnsafeBytes { bytes in
            guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0,
                Int(image.width) == size.width, Int(image.height) == size.height
            else { throw Failure.damagedImage }
            // Eight bits a sample in the order red, green, blue, alpha, as many of them as it has.
            image.format &= Pixels.colors | Pixels.alpha
            let format = image.format
            var isComplete = false
            let samples = [UInt8](unsafeUninitializedCapacity: Pixels.byteCount(size, format)) { samples, count in
                samples.initialize(repeating: 0)
                isComplete = png_image_finish_read(&image, nil, samples.baseAddress, 0, nil) != 0
                count = samples.count
            }
            guard isComplete else { throw Failure.damagedImage }
            return Pixels(size: size, format: format, samples: samples)
        }
    }

    private static func pack(_ pixels: Pixels) throws -> [UInt8] {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        image.width = png_uint_32(pixels.size.width)
        image.height = png_uint_32(pixels.size.height)
        image.format = pixels.format
        image.flags = fast
        defer { png_image_free(&image) }
        let bytes = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: ImageLimits.cleanBytes) { room in
            var byteCount = png_alloc_size_t(room.count)
            let isComplete = png_image_write_to_memory(&image, room.baseAddress, &byteCount, 0, pixels.samples, 0, nil)
            return isComplete != 0 ? Array(room.prefix(Int(byteCount))) : nil
        }
        guard let bytes else {
            throw Failure.refusedImage(
                "too_large",
                zh: "图片作为 PNG 过大：请导出为 JPEG",
                en: "The image is too large as a PNG: export it as JPEG"
            )
        }
        return bytes
    }

    /// `PNG_IMAGE_FLAG_FAST`: a third of the time for a few hundredths of the size.
    private static let fast: png_uint_32 = 0x02
}

/// An image, unpacked.
struct Pixels {
    /// `PNG_FORMAT_FLAG_COLOR` and `PNG_FORMAT_FLAG_ALPHA`.
    static let colors: png_uint_32 = 0x02
    static let alpha: png_uint_32 = 0x01

    let size: PixelSize
    let format: png_uint_32
    let samples: [UInt8]

    static func byteCount(_ size: PixelSize, _ format: png_uint_32) -> Int {
        size.width * size.height * bytesPerPixel(format)
    }

    private static func bytesPerPixel(_ format: png_uint_32) -> Int {
        (format & colors != 0 ? 3 : 1) + (format & alpha != 0 ? 1 : 0)
    }

    func made(upright orientation: Orientation) -> Pixels {
        guard orientation != .upright else { return self }
        let step = Pixels.bytesPerPixel(format)
        let (right, bottom) = (size.width - 1, size.height - 1)
        let turned = orientation.turnsOnSide ? PixelSize(width: size.height, height: size.width) : size
        let result = [UInt8](unsafeUninitializedCapacity: samples.count) { output, count in
            var target = 0
            for y in 0..<turned.height {
                for x in 0..<turned.width {
                    let source = orientation.source(ofX: x, y: y, right: right, bottom: bottom)
                    let start = (source.y * size.width + source.x) * step
                    for offset in 0..<step { output[target + offset] = samples[start + offset] }
                    target += step
                }
            }
            count = samples.count
        }
        return Pixels(size: turned, format: format, samples: result)
    }
}

extension Orientation {
    fileprivate var turnsOnSide: Bool { rawValue >= Orientation.mirroredOnLeftSide.rawValue }

    /// Where a pixel of the upright image comes from.
    fileprivate func source(ofX x: Int, y: Int, right: Int, bottom: Int) -> (x: Int, y: Int) {
        switch self {
        case .upright: (x, y)
        case .mirrored: (right - x, y)
        case .upsideDown: (right - x, bottom - y)
        case .mirroredUpsideDown: (x, bottom - y)
        case .mirroredOnLeftSide: (y, x)
        case .onLeftSide: (y, bottom - x)
        case .mirroredOnRightSide: (right - y, bottom - x)
        case .onRightSide: (right - y, x)
        }
    }
}
