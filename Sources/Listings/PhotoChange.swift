import Core
import Cryptography
import History
import Identity

/// What may be changed of a photograph, its place included.
struct PhotoChange: Sendable, Hashable {
    let details: PhotoDetails
    /// From 1.
    let position: Int

    /// A merge patch (RFC 7396) of what is there.
    ///
    /// - Throws: `invalidRequest` with every fault of what comes out.
    init(merging patch: JSON, into photo: ListingPhoto, position: Int, of count: Int) throws {
        let current = JSON.object((photo.details.request.members ?? []) + [.init("position", JSON(position))])
        var reader = try ObjectReader(current.merged(with: patch))
        let angle = reader.oneOf("angle", PhotoAngle.self)
        let turn = reader.integer("turn_degrees", in: PhotoLimits.turnDegrees, required: false)
        let caption = reader.line("caption", required: false, length: PhotoLimits.captionCharacters)
        let entries = PhotoChange.entries(&reader)
        let place = reader.integer("position", in: 1...Int64(count))
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let angle, let place else { throw Failure(.invalidRequest) }
        details = PhotoDetails(angle: angle, turnDegrees: turn, caption: caption, entries: entries)
        self.position = Int(place)
    }

    private static func entries(_ reader: inout ObjectReader) -> [Digest] {
        let elements = reader.array("entries", count: PhotoLimits.entriesPerPhoto, required: false) ?? []
        let hashes = elements.enumerated().compactMap { index, element -> Digest? in
            let text = element.stringValue.flatMap { try? HashText(parsing: $0).text }
            guard let hash = text.flatMap({ Digest(hex: $0) }) else {
                reader.fault(
                    "entries",
                    "hash_format",
                    zh: "第 \(index + 1) 项须为 64 位小写十六进制哈希",
                    en: "Element \(index + 1) must be a hash of 64 lower-case hexadecimal digits"
                )
                return nil
            }
            return hash
        }
        if Set(hashes).count < hashes.count {
            reader.fault("entries", "duplicate", zh: "同一记录只能写一次", en: "An entry stands there more than once")
        }
        return hashes
    }
}
