import Storage

extension MovedTable {
    static let photo = MovedTable(
        "photo",
        key: [.blob("hash")],
        ["type", "width", "height", "size_bytes", "created_at", "content"],
        rowsMaximum: 8
    )

    static let listingPhoto = MovedTable(
        "listing_photo",
        key: [.text("listing"), .text("id")],
        ["hash", "position", "angle", "turn_degrees", "caption", "entries", "added_at"]
    )
}
