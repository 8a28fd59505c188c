import Core
import Support
import Testing

@testable import Imaging

struct CleanImageTests {
    private let picture = Picture()

    @Test func `a JPEG keeps its coefficients, and nothing else`() throws {
        let original = picture.jpeg()
        let planted =
            original
            .withSegment(0xFE, Planted.secret)
            .withSegment(0xE2, Planted.profile)
            .withSegment(0xED, Planted.iptc)
            .withSegment(0xE1, Planted.xmp)
            .withSegment(0xE1, Planted.exif(orientation: 1)) + Planted.archive
        #expect(planted.contains(Planted.secret))
        let clean = try CleanImage(cleaning: planted, declared: .jpeg)
        #expect(clean.type == .jpeg)
        #expect(clean.size == PixelSize(width: 336, height: 256))
        #expect(Picture(jpeg: clean.bytes) == Picture(jpeg: original))
        for trace in [Planted.secret, Array("Exif".utf8), Array("ICC_PROFILE".utf8), Array("PK".utf8)] {
            #expect(!clean.bytes.contains(trace))
        }
    }

    @Test func `a PNG keeps its pixels, and nothing else`() throws {
        let planted =
            picture.png()
            .withChunk("tEXt", Array("Comment\0".utf8) + Planted.secret)
            .withChunk("iTXt", Array("XML:com.adobe.xmp\0\0\0\0\0".utf8) + Planted.secret)
            .withChunk("eXIf", Planted.tiff(orientation: 1))
            .withChunk("prVt", Planted.secret) + Planted.archive
        let clean = try CleanImage(cleaning: planted, declared: .png)
        #expect(clean.size == PixelSize(width: 336, height: 256))
        #expect(Picture(png: clean.bytes) == picture)
        for trace in [Planted.secret, Array("tEXt".utf8), Array("iTXt".utf8), Array("eXIf".utf8), Array("PK".utf8)] {
            #expect(!clean.bytes.contains(trace))
        }
    }

    @Test(arguments: [true, false])
    func `a WebP keeps its image, and nothing else`(isLossless: Bool) throws {
        let original = picture.webp(isLossless: isLossless)
        let chunks =
            [UInt8].riff("EXIF", Planted.tiff(orientation: 1)) + .riff("XMP ", Planted.secret)
            + .riff("JUNK", Planted.secret)
        let planted = original.extended(width: 336, height: 256, flags: 0x0C, chunks) + Planted.archive
        #expect(Picture(webp: planted) == Picture(webp: original))
        let clean = try CleanImage(cleaning: planted, declared: .webp)
        #expect(clean.size == PixelSize(width: 336, height: 256))
        #expect(Picture(webp: clean.bytes) == Picture(webp: original))
        for trace in [Planted.secret, Array("EXIF".utf8), Array("XMP ".utf8), Array("PK".utf8)] {
            #expect(!clean.bytes.contains(trace))
        }
    }

    @Test func `what is clean comes out as it went in`() throws {
        for type in ImageType.allCases {
            let once = try CleanImage(cleaning: picture.file(type), declared: type)
            #expect(try CleanImage(cleaning: once.bytes, declared: type) == once)
        }
    }

    @Test func `a progressive JPEG shows the same`() throws {
        let original = picture.jpeg(isProgressive: true)
        let clean = try CleanImage(cleaning: original, declared: .jpeg)
        #expect(Picture(jpeg: clean.bytes) == Picture(jpeg: original))
    }

    // MARK: Orientation

    /// CIPA DC-008, tag 274: where the first row and the first column are seen.
    private static let orientations = [
        (1, "top", "left"), (2, "top", "right"), (3, "bottom", "right"), (4, "bottom", "left"),
        (5, "left", "top"), (6, "right", "top"), (7, "right", "bottom"), (8, "left", "bottom"),
    ]

    @Test(arguments: orientations)
    func `every orientation of a JPEG lands upright`(orientation: Int, row: String, column: String) throws {
        let stored = picture.stored(firstRow: row, firstColumn: column).jpeg()
        for exif in [Planted.exif(orientation: orientation), Planted.bigEndianExif(orientation: orientation)] {
            let clean = try CleanImage(cleaning: stored.withSegment(0xE1, exif), declared: .jpeg)
            #expect(clean.size == PixelSize(width: 336, height: 256))
            #expect(Picture(jpeg: clean.bytes)!.distance(to: picture) < 24)
        }
    }

    @Test(arguments: orientations)
    func `every orientation of a PNG lands upright`(orientation: Int, row: String, column: String) throws {
        let stored = picture.stored(firstRow: row, firstColumn: column).png()
        let planted = stored.withChunk("eXIf", Planted.tiff(orientation: orientation))
        let clean = try CleanImage(cleaning: planted, declared: .png)
        #expect(Picture(png: clean.bytes) == picture)
    }

    @Test func `what does not fill a block at the edge is cut away when a JPEG is turned`() throws {
        let stored = Picture(width: 333, height: 251).jpeg().withSegment(0xE1, Planted.exif(orientation: 6))
        let clean = try CleanImage(cleaning: stored, declared: .jpeg)
        #expect(clean.size == PixelSize(width: 248, height: 333))
    }

    @Test(arguments: [0, 9, 255])
    func `an orientation that does not exist is none`(orientation: Int) throws {
        let stored = picture.jpeg().withSegment(0xE1, Planted.exif(orientation: orientation))
        #expect(try CleanImage(cleaning: stored, declared: .jpeg).size == PixelSize(width: 336, height: 256))
    }

    // MARK: Apart from others

    @Test func `cleaning waits on a thread of its own`() async throws {
        let cleaning = ImageCleaning(concurrentMaximum: 1, waitingMaximum: 8)
        let file = picture.jpeg()
        try await withThrowingTaskGroup(of: CleanImage.self) { group in
            for _ in 0..<4 { group.addTask { try await cleaning.clean(file, declared: .jpeg) } }
            let images = try await group.reduce(into: Set()) { $0.insert($1) }
            #expect(images.count == 1)
        }
        let full = ImageCleaning(concurrentMaximum: 0, waitingMaximum: 0)
        let refusal = await #expect(throws: Failure.self) { try await full.clean(file, declared: .jpeg) }
        #expect(refusal == .imagingBusy)
        #expect(refusal?.type.kind == .unavailable)
    }
}

extension Picture {
    func file(_ type: ImageType) -> [UInt8] {
        switch type {
        case .jpeg: jpeg()
        case .png: png()
        case .webp: webp()
        }
    }
}
