import CLibPNG
import CLibWebP
import CTurboJPEG

/// A picture that shows which way round it is: red grows to the right, green downwards, and the left upper corner is
/// blue.
struct Picture: Equatable {
    let width: Int
    let height: Int
    /// Red, green, blue.
    var samples: [UInt8]

    init(width: Int, height: Int, samples: [UInt8]) {
        self.width = width
        self.height = height
        self.samples = samples
    }

    init(width: Int = 336, height: Int = 256) {
        var samples: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let isCorner = x < width / 2 && y < height / 2
                samples += [UInt8(x * 200 / width), UInt8(y * 200 / height), isCorner ? 220 : 20]
            }
        }
        self.init(width: width, height: height, samples: samples)
    }

    subscript(x: Int, y: Int) -> ArraySlice<UInt8> {
        samples[((y * width + x) * 3)..<((y * width + x) * 3 + 3)]
    }

    /// How a camera stores it under an orientation, told by where its first row and first column are seen.
    func stored(firstRow: String, firstColumn: String) -> Picture {
        let isOnSide = firstRow == "left" || firstRow == "right"
        let (width, height) = isOnSide ? (self.height, self.width) : (self.width, self.height)
        var stored: [UInt8] = []
        for row in 0..<height {
            for column in 0..<width {
                let seen = [firstRow: row, firstColumn: column]
                let x = seen["left"] ?? seen["right"].map { self.width - 1 - $0 } ?? 0
                let y = seen["top"] ?? seen["bottom"].map { self.height - 1 - $0 } ?? 0
                stored += self[x, y]
            }
        }
        return Picture(width: width, height: height, samples: stored)
    }

    /// How far the samples are from another's at the most.
    func distance(to other: Picture) -> Int {
        guard width == other.width, height == other.height else { return .max }
        return zip(samples, other.samples).map { abs(Int($0) - Int($1)) }.max() ?? 0
    }
}

// MARK: - Files

extension Picture {
    func jpeg(isProgressive: Bool = false) -> [UInt8] {
        let handle = tjInitCompress()
        defer { tjDestroy(handle) }
        var output: UnsafeMutablePointer<UInt8>?
        var byteCount: UInt = 0
        defer { tjFree(output) }
        let flags = isProgressive ? TJFLAG_PROGRESSIVE : 0
        let format = CInt(TJPF_RGB.rawValue)
        let status = tjCompress2(
            handle,
            samples,
            CInt(width),
            0,
            CInt(height),
            format,
            &output,
            &byteCount,
            CInt(TJSAMP_444.rawValue),
            95,
            flags
        )
        precondition(status == 0)
        return Array(UnsafeBufferPointer(start: output, count: Int(byteCount)))
    }

    init?(jpeg bytes: [UInt8]) {
        let handle = tjInitDecompress()
        defer { tjDestroy(handle) }
        var (width, height, subsampling, colors): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
        guard tjDecompressHeader3(handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &colors) == 0 else {
            return nil
        }
        var samples = [UInt8](repeating: 0, count: Int(width * height) * 3)
        let format = CInt(TJPF_RGB.rawValue)
        guard tjDecompress2(handle, bytes, UInt(bytes.count), &samples, width, 0, height, format, 0) == 0 else {
            return nil
        }
        self.init(width: Int(width), height: Int(height), samples: samples)
    }

    func png() -> [UInt8] {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        image.width = png_uint_32(width)
        image.height = png_uint_32(height)
        image.format = 2
        var byteCount = png_alloc_size_t(1 << 20)
        var bytes = [UInt8](repeating: 0, count: byteCount)
        precondition(png_image_write_to_memory(&image, &bytes, &byteCount, 0, samples, 0, nil) != 0)
        return Array(bytes.prefix(byteCount))
    }

    init?(png bytes: [UInt8]) {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        guard png_image_begin_read_from_memory(&image, bytes, bytes.count) != 0 else { return nil }
        image.format = 2
        var samples = [UInt8](repeating: 0, count: Int(image.width * image.height) * 3)
        guard png_image_finish_read(&image, nil, &samples, 0, nil) != 0 else { return nil }
        self.init(width: Int(image.width), height: Int(image.height), samples: samples)
    }

    func webp(isLossless: Bool = true) -> [UInt8] {
        var output: UnsafeMutablePointer<UInt8>?
        let stride = CInt(width * 3)
        let byteCount =
            isLossless
            ? WebPEncodeLosslessRGB(samples, CInt(width), CInt(height), stride, &output)
            : WebPEncodeRGB(samples, CInt(width), CInt(height), stride, 80, &output)
        defer { WebPFree(output) }
        return Array(UnsafeBufferPointer(start: output, count: byteCount))
    }

    init?(webp bytes: [UInt8]) {
        var (width, height): (CInt, CInt) = (0, 0)
        guard let samples = WebPDecodeRGB(bytes, bytes.count, &width, &height) else { return nil }
        defer { WebPFree(samples) }
        let count = Int(width * height) * 3
        self.init(
            width: Int(width),
            height: Int(height),
            samples: Array(UnsafeBufferPointer(start: samples, count: count))
        )
    }
}
