import CLibWebP
import Core

/// Takes the one image out of a WebP and puts it into a file of its own.
enum WebPCleaner {
    /// The decoder shrinks what it has unpacked by this much a side: it is only to be seen that it can be.
    private static let shrinking = 8

    static func clean(_ bytes: [UInt8]) throws -> (bytes: [UInt8], size: PixelSize) {
        let size = try bytes.withUnsafeBufferPointer { bytes in
            var features = WebPBitstreamFeatures()
            let status = WebPGetFeatures(bytes.baseAddress, bytes.count, &features)
            guard status == VP8_STATUS_OK else { throw Failure.damagedImage }
            guard features.has_animation == 0 else { throw Failure.animatedImage }
            return PixelSize(width: Int(features.width), height: Int(features.height))
        }
        try ImageLimits.check(size)
        try unpack(bytes, size)
        return (try extract(withoutTail(bytes)), size)
    }

    /// What stands behind the file's own end keeps the library from reading it.
    private static func withoutTail(_ bytes: [UInt8]) -> [UInt8] {
        let length = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        return Array(bytes.prefix(8 + length + length % 2))
    }

    /// - Throws: `imageRefused` where that cannot be done to the end.
    private static func unpack(_ bytes: [UInt8], _ size: PixelSize) throws {
        var config = WebPDecoderConfig()
        guard WebPInitDecoderConfig(&config) != 0 else { throw Failure.damagedImage }
        config.options.use_scaling = 1
        config.options.scaled_width = CInt(max(1, size.width / shrinking))
        config.options.scaled_height = CInt(max(1, size.height / shrinking))
        config.output.colorspace = MODE_RGB
        defer { WebPFreeDecBuffer(&config.output) }
        guard WebPDecode(bytes, bytes.count, &config) == VP8_STATUS_OK else { throw Failure.damagedImage }
    }

    private static func extract(_ bytes: [UInt8]) throws -> [UInt8] {
        try bytes.withUnsafeBufferPointer { bytes in
            var whole = WebPData(bytes: bytes.baseAddress, size: bytes.count)
            guard let source = WebPMuxCreate(&whole, 0) else { throw Failure.damagedImage }
            defer { WebPMuxDelete(source) }
            try refuseTurned(source)
            var frame = WebPMuxFrameInfo()
            guard WebPMuxGetFrame(source, 1, &frame) == WEBP_MUX_OK else { throw Failure.damagedImage }
            defer { WebPDataClear(&frame.bitstream) }
            return try assemble(&frame.bitstream)
        }
    }

    private static func assemble(_ image: inout WebPData) throws -> [UInt8] {
        guard let mux = WebPMuxNew() else { throw Failure.imagingBusy }
        defer { WebPMuxDelete(mux) }
        var output = WebPData()
        defer { WebPDataClear(&output) }
        guard WebPMuxSetImage(mux, &image, 0) == WEBP_MUX_OK, WebPMuxAssemble(mux, &output) == WEBP_MUX_OK else {
            throw Failure.damagedImage
        }
        return Array(UnsafeBufferPointer(start: output.bytes, count: output.size))
    }

    /// Its samples cannot be turned without losing some, and no camera writes such a file.
    private static func refuseTurned(_ mux: OpaquePointer) throws {
        var exif = WebPData()
        guard WebPMuxGetChunk(mux, "EXIF", &exif) == WEBP_MUX_OK else { return }
        let bytes = Array(UnsafeBufferPointer(start: exif.bytes, count: exif.size))
        guard Orientation(exif: bytes[...]) == .upright else {
            throw Failure.refusedImage(
                "orientation",
                zh: "WebP 图片带有旋转标记：请先转正再导出，或导出为 JPEG",
                en: "The WebP says that it has to be turned: export it upright, or as JPEG"
            )
        }
    }
}
