/// How a camera was held, by the numbers of EXIF (CIPA DC-008, tag 274): what has to be done to see the image upright.
enum Orientation: Int, Sendable, Hashable, CaseIterable {
    case upright = 1
    case mirrored
    case upsideDown
    case mirroredUpsideDown
    case mirroredOnLeftSide
    case onLeftSide
    case mirroredOnRightSide
    case onRightSide

    private static let tag = 274
    private static let shortFormat = 3
    private static let entryBytes = 12
    /// A camera's first directory has about twelve.
    private static let entriesMaximum = 512

    /// Of EXIF data, with or without the six bytes that go before them in a JPEG. What cannot be read is upright, as
    /// viewers have it.
    init(exif: ArraySlice<UInt8>) {
        let prefix = Array("Exif\0\0".utf8)
        let tiff = TIFFReader(exif.starts(with: prefix) ? exif.dropFirst(prefix.count) : exif)
        self = tiff.flatMap(Orientation.init) ?? .upright
    }

    private init?(_ tiff: TIFFReader) {
        guard let directory = tiff.long(at: 4), let count = tiff.short(at: directory) else { return nil }
        for index in 0..<min(count, Orientation.entriesMaximum) {
            let entry = directory + 2 + index * Orientation.entryBytes
            guard let tag = tiff.short(at: entry) else { return nil }
            guard tag == Orientation.tag else { continue }
            guard tiff.short(at: entry + 2) == Orientation.shortFormat, let value = tiff.short(at: entry + 8) else {
                return nil
            }
            self.init(rawValue: value)
            return
        }
        return nil
    }
}

/// Numbers in TIFF's order of bytes, whichever it says that is.
private struct TIFFReader {
    private let bytes: ArraySlice<UInt8>
    private let isBigEndian: Bool

    init?(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        if bytes.starts(with: [0x49, 0x49, 0x2A, 0x00]) {
            isBigEndian = false
        } else if bytes.starts(with: [0x4D, 0x4D, 0x00, 0x2A]) {
            isBigEndian = true
        } else {
            return nil
        }
    }

    func short(at offset: Int) -> Int? { number(at: offset, byteCount: 2) }

    func long(at offset: Int) -> Int? { number(at: offset, byteCount: 4) }

    private func number(at offset: Int, byteCount: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - byteCount else { return nil }
        let digits = bytes[(bytes.startIndex + offset)..<(bytes.startIndex + offset + byteCount)]
        let ordered = isBigEndian ? Array(digits) : digits.reversed()
        return ordered.reduce(0) { $0 << 8 | Int($1) }
    }
}
