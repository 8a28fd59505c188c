/// What a photograph may be stored as: what every browser shows, and a library here can clean.
package enum ImageType: String, Sendable, Hashable, CaseIterable {
    case jpeg = "image/jpeg"
    case png = "image/png"
    case webp = "image/webp"

    package var mediaType: String { rawValue }
}

/// What bytes are by what they begin with. A name or a header is a claim, and never asked.
enum SniffedType: Sendable, Hashable {
    case image(ImageType)
    /// Something that is known and not taken, by the name that people know it by.
    case other(String)
    case unknown

    /// How far into a text the first tag of an SVG is looked for.
    private static let textBytesMaximum = 1024

    init(_ bytes: [UInt8]) {
        if let known = Self.signatures.first(where: { bytes.starts(with: $0.bytes) })?.type {
            self = known
        } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            self = .image(.webp)
        } else if bytes.dropFirst(4).starts(with: "ftyp".utf8) {
            self = .other(Self.name(ofBrand: String(decoding: bytes.dropFirst(8).prefix(4), as: UTF8.self)))
        } else if Self.isSVG(bytes) {
            self = .other("SVG")
        } else {
            self = .unknown
        }
    }

    private static let signatures: [(bytes: [UInt8], type: SniffedType)] = [
        ([0xFF, 0xD8, 0xFF], .image(.jpeg)),
        (PNGChunks.signature, .image(.png)),
        (Array("GIF8".utf8), .other("GIF")),
        (Array("BM".utf8), .other("BMP")),
        (Array("%PDF-".utf8), .other("PDF")),
        ([0x49, 0x49, 0x2A, 0x00], .other("TIFF")),
        ([0x4D, 0x4D, 0x00, 0x2A], .other("TIFF")),
        ([0xFF, 0x0A], .other("JPEG XL")),
        ([0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20], .other("JPEG XL")),
    ]

    /// Of the family of ISO/IEC 14496-12, which begins with a box that names the format.
    private static func name(ofBrand brand: String) -> String {
        switch brand {
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1": "HEIC"
        case "avif", "avis": "AVIF"
        default: "MP4"
        }
    }

    private static func isSVG(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes.prefix(textBytesMaximum), as: UTF8.self).lowercased()
        return text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.first == "<" && text.contains("<svg")
    }
}
