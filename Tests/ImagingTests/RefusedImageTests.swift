import Core
import Support
import Testing

@testable import Imaging

struct RefusedImageTests {
    private let picture = Picture(width: 320, height: 240)

    private func code(_ bytes: [UInt8], _ declared: ImageType) -> String? {
        do {
            _ = try CleanImage(cleaning: bytes, declared: declared)
            return nil
        } catch {
            let failure = error as? Failure
            #expect(failure?.type == .imageRefused)
            #expect(failure?.faults.count == 1)
            return failure?.faults.first?.code
        }
    }

    @Test func `the type is told by the bytes, and has to be the declared one`() {
        for type in ImageType.allCases {
            for declared in ImageType.allCases {
                #expect(code(picture.file(type), declared) == (type == declared ? nil : "type_mismatch"))
            }
        }
    }

    @Test(arguments: [
        ("GIF", Array("GIF89a".utf8)),
        ("BMP", Array("BM6".utf8)),
        ("PDF", Array("%PDF-1.7".utf8)),
        ("TIFF", [0x49, 0x49, 0x2A, 0x00]),
        ("TIFF", [0x4D, 0x4D, 0x00, 0x2A]),
        ("SVG", Array("\u{FEFF} <?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\">".utf8)),
        ("HEIC", Array("\0\0\0\u{18}ftypheic".utf8)),
        ("AVIF", Array("\0\0\0\u{18}ftypavif".utf8)),
        ("MP4", Array("\0\0\0\u{18}ftypisom".utf8)),
        ("JPEG XL", [0xFF, 0x0A]),
    ])
    func `what is not taken is named`(name: String, bytes: [UInt8]) throws {
        let refusal = #expect(throws: Failure.self) { try CleanImage(cleaning: bytes, declared: .jpeg) }
        #expect(refusal?.faults.first?.code == "type_unsupported")
        #expect(refusal?.detail.en == "\(name) is not taken: export it as JPEG")
        #expect(refusal?.detail.zh.contains(name) == true)
    }

    @Test func `what is no image is refused`() {
        #expect(code([], .jpeg) == "type_unsupported")
        #expect(code(Array("<html><script>".utf8), .png) == "type_unsupported")
        #expect(code(Planted.archive, .webp) == "type_unsupported")
    }

    @Test func `too many bytes are refused`() {
        let bytes = picture.jpeg() + [UInt8](repeating: 0, count: ImageLimits.bytes)
        #expect(code(bytes, .jpeg) == "too_large")
    }

    @Test func `too few pixels are refused, whichever way round`() {
        for type in ImageType.allCases {
            #expect(code(Picture(width: 319, height: 240).file(type), type) == "too_few_pixels")
            #expect(code(Picture(width: 320, height: 239).file(type), type) == "too_few_pixels")
            #expect(code(Picture(width: 240, height: 320).file(type), type) == nil)
        }
    }

    @Test func `bombs are refused by what their header says`() {
        for (width, height) in [(12_001, 300), (300, 12_001), (8000, 8000), (65_500, 65_500)] {
            #expect(code(picture.jpeg().withJPEGSize(width: width, height: height), .jpeg) == "too_many_pixels")
            #expect(code(picture.png().withPNGSize(width: width, height: height), .png) == "too_many_pixels")
        }
        #expect(code(picture.png().withPNGSize(width: 1 << 31 - 1, height: 1 << 31 - 1), .png) == "too_many_pixels")
        // The header of a lossless image: a byte of signature, then fourteen bits for each side less one.
        var webp = picture.webp()
        webp.replaceSubrange(21..<25, with: [0xFF, 0xFF, 0xFF, 0x0F])
        #expect(code(webp, .webp) == "too_many_pixels")
    }

    @Test func `a JPEG of many scans is refused`() {
        let scan: [UInt8] = [0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x3F, 0x00]
        let scans = (0...ImageLimits.scans).flatMap { _ in scan }
        #expect(code(picture.jpeg(isProgressive: true).dropLast(2) + scans + [0xFF, 0xD9], .jpeg) == "damaged")
    }

    @Test func `what moves is refused`() {
        #expect(code(picture.png().withChunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0]), .png) == "animated")
        let animation = [UInt8].riff("ANIM", [0, 0, 0, 0, 0, 0])
        let size: [UInt8] = [63, 1, 0, 239, 0, 0]
        let frame = [UInt8].riff("ANMF", [0, 0, 0, 0, 0, 0] + size + [100, 0, 0, 0] + picture.webp().dropFirst(12))
        let moving = [UInt8](Array("RIFF\0\0\0\0WEBP".utf8))
            .extended(width: 320, height: 240, flags: 0x02, animation + frame)
        #expect(code(moving, .webp) == "animated")
    }

    @Test func `a WebP that has to be turned is refused`() {
        let exif = [UInt8].riff("EXIF", Planted.tiff(orientation: 6))
        let turned = picture.webp().extended(width: 320, height: 240, flags: 0x08, exif)
        #expect(code(turned, .webp) == "orientation")
    }

    @Test func `the sample of other tests is taken`() {
        #expect(code(SamplePNG.image(7), .png) == nil)
    }

    @Test func `a PNG ends with its last chunk`() {
        let png = picture.png()
        #expect(code(png.dropLast(12), .png) == "damaged")
        #expect(code(png.prefix(8) + SamplePNG.chunk("IEND", []), .png) == "damaged")
        #expect(code(png.prefix(33) + SamplePNG.chunk("IEND", []), .png) == "damaged")
        var broken = png
        broken[png.count - 20] ^= 1
        #expect(code(broken, .png) == "damaged")
    }

    // MARK: Anything at all

    @Test(arguments: ImageType.allCases)
    func `a file that is cut off anywhere is refused`(type: ImageType) {
        let plain = Picture(width: 320, height: 240, samples: .init(repeating: 90, count: 320 * 240 * 3))
        let files = type == .webp ? [plain.webp(), plain.webp(isLossless: false)] : [plain.file(type)]
        for file in files {
            for length in 0..<file.count where code(Array(file.prefix(length)), type) == nil {
                Issue.record("\(type) of \(file.count) bytes, cut after \(length), was taken")
            }
        }
    }

    @Test(arguments: ImageType.allCases)
    func `damage anywhere is refused or leaves an image within the limits`(type: ImageType) {
        var random = SeededRandom(seed: 20_260)
        let file = type == .jpeg ? picture.jpeg().withSegment(0xE1, Planted.exif(orientation: 6)) : picture.file(type)
        for _ in 0..<150 {
            var damaged = file
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                // The first bytes decide most.
                let reach = Bool.random(using: &random) ? min(200, file.count) : file.count
                damaged[Int.random(in: 0..<reach, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                let clean = try CleanImage(cleaning: damaged, declared: type)
                #expect(clean.size.width * clean.size.height <= ImageLimits.pixels)
                #expect(clean.type == type)
            } catch {
                #expect((error as? Failure)?.type == .imageRefused, "\(error)")
            }
        }
    }
}
