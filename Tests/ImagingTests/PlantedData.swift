import Support

/// What programs and people leave in files, with a word in it that is easily found again.
enum Planted {
    static let secret = Array("N31.2304 E121.4737".utf8)

    static let archive: [UInt8] = Array("PK\u{3}\u{4}".utf8) + secret

    /// Little-endian TIFF with an orientation and a position.
    static func tiff(orientation: Int) -> [UInt8] {
        let header: [UInt8] = [0x49, 0x49, 0x2A, 0x00, 8, 0, 0, 0, 1, 0]
        let entry: [UInt8] = [0x12, 0x01, 3, 0, 1, 0, 0, 0, UInt8(orientation), 0, 0, 0]
        return header + entry + [0, 0, 0, 0] + secret
    }

    static func exif(orientation: Int) -> [UInt8] { Array("Exif\0\0".utf8) + tiff(orientation: orientation) }

    /// The same in the other order of bytes.
    static func bigEndianExif(orientation: Int) -> [UInt8] {
        let header: [UInt8] = [0x4D, 0x4D, 0x00, 0x2A, 0, 0, 0, 8, 0, 1]
        let entry: [UInt8] = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0]
        return Array("Exif\0\0".utf8) + header + entry + [0, 0, 0, 0]
    }

    static let xmp = Array("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>".utf8) + secret
    static let iptc = Array("Photoshop 3.0\0".utf8) + secret
    static let profile = Array("ICC_PROFILE\0\u{1}\u{1}".utf8) + secret
}

extension [UInt8] {
    func contains(_ other: [UInt8]) -> Bool {
        guard let first = other.first, count >= other.count else { return false }
        return indices.dropLast(other.count - 1).contains { self[$0] == first && self[$0...].starts(with: other) }
    }

    // MARK: JPEG

    /// Right after the start of the image.
    func withSegment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length = content.count + 2
        return prefix(2) + [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + content + dropFirst(2)
    }

    /// With other sizes in its frame.
    func withJPEGSize(width: Int, height: Int) -> [UInt8] {
        var bytes = self
        let frame = indices.dropLast().first { self[$0] == 0xFF && (self[$0 + 1] == 0xC0 || self[$0 + 1] == 0xC2) }!
        bytes.replaceSubrange((frame + 5)..<(frame + 7), with: [UInt8(height >> 8), UInt8(height & 0xFF)])
        bytes.replaceSubrange((frame + 7)..<(frame + 9), with: [UInt8(width >> 8), UInt8(width & 0xFF)])
        return bytes
    }

    // MARK: PNG

    /// Right after the header.
    func withChunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        prefix(33) + SamplePNG.chunk(name, content) + dropFirst(33)
    }

    func withPNGSize(width: Int, height: Int) -> [UInt8] {
        let header = SamplePNG.bigEndian(UInt32(width)) + SamplePNG.bigEndian(UInt32(height)) + Array(self[24..<29])
        return prefix(8) + SamplePNG.chunk("IHDR", header) + dropFirst(33)
    }

    // MARK: WebP

    static func riff(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let length = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: content.count >> $0) }
        return Array(name.utf8) + length + content + (content.count % 2 == 1 ? [0] : [])
    }

    /// The extended form of a file with one image, with more chunks behind it.
    func extended(width: Int, height: Int, flags: UInt8, _ chunks: [UInt8]) -> [UInt8] {
        let size = [width - 1, height - 1].flatMap { side in [0, 8, 16].map { UInt8(truncatingIfNeeded: side >> $0) } }
        let header = Self.riff("VP8X", [flags, 0, 0, 0] + size)
        return Self.riff("RIFF", Array("WEBP".utf8) + header + dropFirst(12) + chunks)
    }
}
