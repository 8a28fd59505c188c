package import Core
package import Cryptography
package import Imaging

package enum PhotoTag: IDTag {
    package static let prefix = "pho"
}

package typealias PhotoID = ID<PhotoTag>

/// A photograph as a listing shows it. Its place among the others is its position.
package struct ListingPhoto: Sendable, Hashable {
    package let id: PhotoID
    package let image: StoredImage
    package var details: PhotoDetails
    package let addedAt: Instant
}

/// What is known of an image without looking at it.
package struct StoredImage: Sendable, Hashable {
    /// Of the bytes that are shown.
    package let hash: Digest
    package let type: ImageType
    package let size: PixelSize
    package let byteCount: Int64

    package var path: String { "/v1/photos/\(hash.hex)" }
}

/// What a dealer says of a photograph.
package struct PhotoDetails: Sendable, Hashable {
    package var angle: PhotoAngle
    /// Where the camera stood on a walk around the car: clockwise from its front, as seen from above.
    package var turnDegrees: Int64?
    package var caption: String?
    /// Entries of the car's history that it shows something of.
    package var entries: [Digest]

    package init(angle: PhotoAngle, turnDegrees: Int64? = nil, caption: String? = nil, entries: [Digest] = []) {
        self.angle = angle
        self.turnDegrees = turnDegrees
        self.caption = caption
        self.entries = entries
    }
}

/// What a photograph shows, or from where.
package enum PhotoAngle: String, Sendable, Hashable, CaseIterable {
    case front
    case frontLeft = "front_left"
    case frontRight = "front_right"
    case left
    case right
    case rear
    case rearLeft = "rear_left"
    case rearRight = "rear_right"
    case roof
    case underbody
    case wheel
    case interiorFront = "interior_front"
    case interiorRear = "interior_rear"
    case dashboard
    case odometer
    case engineBay = "engine_bay"
    case boot
    case vinPlate = "vin_plate"
    case damage
    case other
}

/// Limits of photographs, each with its unit. What an image itself may be is in `ImageLimits`.
package enum PhotoLimits {
    package static let photosPerListing = 40
    static let captionCharacters = 1...100
    static let turnDegrees: ClosedRange<Int64> = 0...359
    static let entriesPerPhoto = 0...20
    /// A phone on a slow line sends ten MiB in two minutes.
    static let uploadDeadlineSeconds = 120
    /// At 10 MiB each. Whoever comes when all places are taken is told to come again.
    static let concurrentUploads = 32
}

// MARK: - JSON

extension ListingPhoto {
    func json(position: Int) -> JSON {
        [
            "id": JSON(id),
            "hash": JSON(image.hash.hex),
            "angle": JSON(details.angle.rawValue),
            "turn_degrees": .optional(details.turnDegrees, JSON.integer),
            "position": JSON(position),
            "caption": .optional(details.caption, JSON.string),
            "entries": .array(details.entries.map { JSON($0.hex) }),
            "type": JSON(image.type.mediaType),
            "width": JSON(image.size.width),
            "height": JSON(image.size.height),
            "size_bytes": .integer(image.byteCount),
            "url": JSON(image.path),
        ]
    }
}

extension PhotoDetails {
    /// As it is sent.
    var request: JSON {
        [
            "angle": JSON(angle.rawValue),
            "turn_degrees": .optional(turnDegrees, JSON.integer),
            "caption": .optional(caption, JSON.string),
            "entries": .array(entries.map { JSON($0.hex) }),
        ]
    }
}
