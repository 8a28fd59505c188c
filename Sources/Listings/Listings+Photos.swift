package import Core
import Cryptography
import History
package import Identity
package import Imaging
package import Storage
import Web

/// The verbs on the photographs of a listing. Each makes a new version of the listing.
extension Listings {
    /// What became of an upload.
    package struct AddedPhoto: Sendable {
        package let listing: Listing
        package let photo: ListingPhoto
        package let position: Int
        /// `false` where the listing has shown the same image before.
        package let isNew: Bool
    }

    /// Adds an image behind the others. The same one again changes nothing, whatever the caller knows of the listing:
    /// whoever did not hear the first answer asks once more.
    ///
    /// - Throws: `listingState`, `photoLimitReached`.
    package static func addPhoto(
        _ tx: any Transaction,
        _ current: Listing,
        _ clean: CleanImage,
        _ details: PhotoDetails,
        from origin: Origin,
        if precondition: Precondition
    ) throws -> AddedPhoto {
        let image = StoredImage(clean)
        if let index = current.photos.firstIndex(where: { $0.image.hash == image.hash }) {
            return AddedPhoto(listing: current, photo: current.photos[index], position: index + 1, isNew: false)
        }
        try checkRoom(current, if: precondition)
        let photo = ListingPhoto(id: PhotoID(at: tx.now), image: image, details: details, addedAt: tx.now)
        try PhotoStore.keep(tx, clean, as: image)
        var listing = current
        listing.photos.append(photo)
        let saved = try save(
            tx,
            current,
            by: listing,
            .photoAdded,
            origin,
            [
                .init("photo", JSON(photo.id)), .init("hash", JSON(image.hash.hex)),
                .init("angle", JSON(details.angle.rawValue)),
            ]
        )
        return AddedPhoto(listing: saved, photo: photo, position: saved.photos.count, isNew: true)
    }

    private static func checkRoom(_ listing: Listing, if precondition: Precondition) throws {
        try precondition(listing.entityTag)
        try requireEditable(listing)
        guard listing.photos.count < PhotoLimits.photosPerListing else { throw Failure(.photoLimitReached) }
    }

    /// A merge patch of what is said of a photograph, and where it stands.
    ///
    /// - Throws: `notFound`, `listingState`, `invalidRequest`.
    package static func changePhoto(
        _ tx: any Transaction,
        _ current: Listing,
        _ id: PhotoID,
        _ patch: JSON,
        from origin: Origin,
        if precondition: Precondition
    ) throws -> Listing {
        let index = try place(of: id, in: current)
        try precondition(current.entityTag)
        try requireEditable(current)
        let old = current.photos[index]
        let change = try PhotoChange(merging: patch, into: old, position: index + 1, of: current.photos.count)
        try refuseUnknown(tx, change.details.entries, current)
        var listing = current
        var photo = listing.photos.remove(at: index)
        photo.details = change.details
        listing.photos.insert(photo, at: change.position - 1)
        let changes = differences(from: old.json(position: index + 1), to: photo.json(position: change.position))
        return try save(tx, current, by: listing, .photoChanged, origin, [.init("photo", JSON(id))] + changes)
    }

    /// - Throws: `notFound`, `listingState`.
    package static func removePhoto(
        _ tx: any Transaction,
        _ current: Listing,
        _ id: PhotoID,
        from origin: Origin,
        if precondition: Precondition
    ) throws -> Listing {
        let index = try place(of: id, in: current)
        try precondition(current.entityTag)
        try requireEditable(current)
        var listing = current
        let photo = listing.photos.remove(at: index)
        let detail = [JSON.Member("photo", JSON(id)), .init("hash", JSON(photo.image.hash.hex))]
        let saved = try save(tx, current, by: listing, .photoRemoved, origin, detail)
        try PhotoStore.forgetUnused(tx, photo.image.hash)
        return saved
    }

    /// - Parameter order: every photograph of the listing.
    /// - Throws: `listingState`, `invalidRequest` where it is not each of them once.
    package static func orderPhotos(
        _ tx: any Transaction,
        _ current: Listing,
        _ order: [PhotoID],
        from origin: Origin,
        if precondition: Precondition
    ) throws -> Listing {
        try precondition(current.entityTag)
        try requireEditable(current)
        let photos = order.compactMap { id in current.photos.first { $0.id == id } }
        guard photos.count == order.count, order.count == current.photos.count, Set(order).count == order.count else {
            throw Failure(
                .invalidRequest,
                faults: [
                    Fault(
                        "/photos",
                        "not_all_photos",
                        zh: "须列出该车源的全部 \(current.photos.count) 张照片，各一次",
                        en: "Must be all \(current.photos.count) photos of the listing, each once"
                    )
                ]
            )
        }
        var listing = current
        listing.photos = photos
        let ids = { (listing: Listing) in JSON.array(listing.photos.map { JSON($0.id) }) }
        let detail = [JSON.Member("photos", ["from": ids(current), "to": ids(listing)])]
        return try save(tx, current, by: listing, .photosReordered, origin, detail)
    }

    // MARK: -

    /// What is as it was makes no new version.
    private static func save(
        _ tx: any Transaction,
        _ current: Listing,
        by listing: Listing,
        _ kind: ListingChange.Kind,
        _ origin: Origin,
        _ detail: [JSON.Member]
    ) throws -> Listing {
        guard listing.photos != current.photos else { return current }
        let saved = try replace(tx, current, by: listing, kind, origin, detail)
        try PhotoStore.save(tx, from: current, to: saved)
        return saved
    }

    private static func place(of id: PhotoID, in listing: Listing) throws -> Int {
        guard let index = listing.photos.firstIndex(where: { $0.id == id }) else { throw Failure(.notFound) }
        return index
    }

    private static func refuseUnknown(_ tx: any Transaction, _ entries: [Digest], _ listing: Listing) throws {
        let unknown = try Histories.unknown(tx, entries, vin: listing.vin)
        let faults = entries.enumerated().filter { unknown.contains($0.element) }.map { index, _ in
            Fault(
                "/entries/\(index)",
                "entry_of_another_vehicle",
                zh: "这辆车的历史中没有这条记录",
                en: "The history of this car has no such entry"
            )
        }
        guard faults.isEmpty else { throw Failure(.invalidRequest, faults: faults) }
    }
}

extension StoredImage {
    init(_ clean: CleanImage) {
        self.init(
            hash: SHA256.hash(clean.bytes),
            type: clean.type,
            size: clean.size,
            byteCount: Int64(clean.bytes.count)
        )
    }
}
