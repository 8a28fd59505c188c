import Core

/// A PNG without whatever is not its picture, so that the library has less to read of what strangers wrote.
struct PNGChunks {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    let size: PixelSize
    private(set) var orientation = Orientation.upright
    /// A PNG of its own.
    private(set) var bytes = signature

    /// Header, palette, transparency, samples, and how colours are meant.
    private static let kept: Set<String> = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "gAMA", "cHRM", "sRGB"]
    private static let headerBytes = 13
    /// Length, name and checksum.
    private static let frameBytes = 12

    /// - Throws: `imageRefused` for what is cut off before its last chunk, or moves.
    init(_ bytes: [UInt8]) throws {
        var offset = PNGChunks.signature.count
        var size: PixelSize?
        self.bytes.reserveCapacity(bytes.count)
        for _ in 0..<ImageLimits.chunks {
            guard let length = PNGChunks.number(in: bytes, at: offset),
                length <= bytes.count - offset - PNGChunks.frameBytes
            else { throw Failure.damagedImage }
            let content = (offset + 8)..<(offset + 8 + length)
            let name = String(decoding: bytes[(offset + 4)..<(offset + 8)], as: UTF8.self)
            if size == nil {
                guard name == "IHDR" else { throw Failure.damagedImage }
                size = try PNGChunks.size(in: bytes, content)
            }
            if name == "acTL" { throw Failure.animatedImage }
            if name == "eXIf" { orientation = Orientation(exif: bytes[content]) }
            if PNGChunks.kept.contains(name) { self.bytes += bytes[offset..<(content.upperBound + 4)] }
            offset = content.upperBound + 4
            guard name != "IEND" else { break }
        }
        guard let size, self.bytes.suffix(8).starts(with: "IEND".utf8) else { throw Failure.damagedImage }
        self.size = size
    }

    private static func size(in bytes: [UInt8], _ content: Range<Int>) throws -> PixelSize {
        guard content.count == headerBytes, let width = number(in: bytes, at: content.lowerBound),
            let height = number(in: bytes, at: content.lowerBound + 4), width > 0, height > 0
        else { throw Failure.damagedImage }
        return PixelSize(width: width, height: height)
    }

    private static func number(in bytes: [UInt8], at offset: Int) -> Int? {
        guard offset <= bytes.count - 4 else { return nil }
        return bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
}
