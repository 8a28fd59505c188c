import CTurboJPEG
import Core

/// Writes the coefficients of a JPEG into a new one: not a bit of the image is lost, and nothing but the image is kept.
enum JPEGCleaner {
    static func clean(_ bytes: [UInt8]) throws -> (bytes: [UInt8], size: PixelSize) {
        let segments = JPEGSegments(bytes)
        guard segments.scanCount <= ImageLimits.scans else { throw Failure.damagedImage }
        guard let handle = tjInitTransform() else { throw Failure.imagingBusy }
        defer { tjDestroy(handle) }
        try ImageLimits.check(try size(bytes, handle))
        let clean = try transform(bytes, by: segments.orientation, handle)
        // Turning cuts away what does not fill a block at the edge, so that the header is asked again.
        return (clean, try size(clean, handle))
    }

    private static func size(_ bytes: [UInt8], _ handle: tjhandle) throws -> PixelSize {
        var (width, height, subsampling, colors): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
        let status = tjDecompressHeader3(
            handle,
            bytes,
            UInt(bytes.count),
            &width,
            &height,
            &subsampling,
            &colors
        )
        guard status == 0, width > 0, height > 0 else { throw Failure.damagedImage }
        guard colors == CInt(TJCS_YCbCr.rawValue) || colors == CInt(TJCS_GRAY.rawValue) else {
            throw Failure.refusedImage(
                "color_space",
                zh: "不接受 CMYK 等印刷色彩的 JPEG：请导出为 sRGB",
                en: "A JPEG in CMYK or another space of printers is not taken: export it in sRGB"
            )
        }
        return PixelSize(width: Int(width), height: Int(height))
    }

    /// A file that ends early or contradicts itself is only warned of by the library, and refused here.
    private static func transform(
        _ bytes: [UInt8],
        by orientation: Orientation,
        _ handle: tjhandle
    ) throws -> [UInt8] {
        var wish = tjtransform()
        wish.op = CInt(orientation.operation.rawValue)
        wish.options = TJXOPT_COPYNONE | TJXOPT_TRIM | TJXOPT_PROGRESSIVE
        var output: UnsafeMutablePointer<UInt8>?
        var outputBytes: UInt = 0
        defer { tjFree(output) }
        let status = tjTransform(
            handle,
            bytes,
            UInt(bytes.count),
            1,
            &output,
            &outputBytes,
            &wish,
            TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS
        )
        guard status == 0, let output, outputBytes <= ImageLimits.cleanBytes else { throw Failure.damagedImage }
        return Array(UnsafeBufferPointer(start: output, count: Int(outputBytes)))
    }
}

extension Orientation {
    /// What makes it upright.
    fileprivate var operation: TJXOP {
        switch self {
        case .upright: TJXOP_NONE
        case .mirrored: TJXOP_HFLIP
        case .upsideDown: TJXOP_ROT180
        case .mirroredUpsideDown: TJXOP_VFLIP
        case .mirroredOnLeftSide: TJXOP_TRANSPOSE
        case .onLeftSide: TJXOP_ROT90
        case .mirroredOnRightSide: TJXOP_TRANSVERSE
        case .onRightSide: TJXOP_ROT270
        }
    }
}

/// What is asked of a JPEG before the library sees it.
struct JPEGSegments {
    private(set) var orientation = Orientation.upright
    private(set) var scanCount = 0

    private static let startOfScan: UInt8 = 0xDA
    private static let endOfImage: UInt8 = 0xD9
    private static let exif: UInt8 = 0xE1

    /// Every marker of it in turn, up to the end of the image. Damage is the library's to find.
    init(_ bytes: [UInt8]) {
        var hasExif = false
        var offset = 2
        while offset + 1 < bytes.count {
            guard bytes[offset] == 0xFF else {
                // What belongs to a scan runs up to the next marker.
                offset += 1
                continue
            }
            let marker = bytes[offset + 1]
            if marker == JPEGSegments.endOfImage { return }
            guard marker != 0xFF else {
                offset += 1
                continue
            }
            guard JPEGSegments.hasLength(marker), offset + 3 < bytes.count else {
                offset += 2
                continue
            }
            let end = min(bytes.count, offset + 2 + max(2, Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])))
            if marker == JPEGSegments.startOfScan { scanCount += 1 }
            if marker == JPEGSegments.exif, !hasExif, bytes[(offset + 4)..<end].starts(with: "Exif\0\0".utf8) {
                orientation = Orientation(exif: bytes[(offset + 4)..<end])
                hasExif = true
            }
            offset = end
        }
    }

    /// Stuffed zeros, restarts and their like stand alone.
    private static func hasLength(_ marker: UInt8) -> Bool {
        marker >= 0xC0 && !(0xD0...0xD8).contains(marker)
    }
}
