/// The probes of the transparency-dev Merkle library's `testdata` (Apache-2.0, commit 417fb0c), each a line: whether it
/// proves anything, two numbers, two hashes, and the proof. What is no hash of 32 bytes there is `short` here.
enum MerkleProbes {
    static let hashes: [String: String] = [
        "h0": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "h1": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "h2": "abacaba000000000000000000000000000000000000000000060061e00123456",
        "h3": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "h4": "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "h5": "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "h6": "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        "h7": "9ea296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "h8": "57083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "h9": "6347aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "h10": "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "h11": "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "h12": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "h13": "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
        "h14": "b41a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "h15": "c2854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "h16": "db7ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "h17": "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "h18": "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
        "h19": "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "h20": "f2c54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "h21": "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "h22": "66340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "h23": "0d3aed023148ffd2a259fbd0cdc7fb3cf975658760d3775b82af6f90aacc2dfc",
        "h24": "86a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "h25": "4f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "h26": "7b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "h27": "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "h28": "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "h29": "1ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "h30": "da854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "h31": "c37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "h32": "ac1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "h33": "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "h34": "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "h35": "a08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    ]

    /// Index, size, root, leaf hash, proof.
    static let inclusion = """
        no 0 1 h0 h1 -
        yes 0 1 h1 h1 -
        no 2 1 h1 h1 -
        no 1 1 h1 h1 -
        no 18446744073709551615 1 h1 h1 -
        no 0 1 h1 h1 short
        no 0 1 h1 h1 h1
        no 0 1 h2 h1 -
        no 0 1 h1 h1 short
        no 0 1 h1 h1 h1
        no 0 0 h1 h1 -
        no 0 2 h1 h1 -
        no 0 1 h1 short -
        no 0 8 h0 h1 h3,h4,h5
        yes 0 8 h6 h1 h3,h4,h5
        no 0 8 h6 h1 h3,h2,h4,h5
        no 2 8 h6 h1 h3,h4,h5
        no 1 8 h6 h1 h3,h4,h5
        no 18446744073709551615 8 h6 h1 h3,h4,h5
        no 0 8 h6 h1 h7,h4,h5
        no 0 8 h6 h1 h3,h8,h5
        no 0 8 h6 h1 h3,h4,h9
        no 0 8 h6 h1 short,h3,h4,h5
        no 0 8 h6 h1 h6,h3,h4,h5
        no 0 8 h2 h1 h3,h4,h5
        no 0 8 h6 h1 h3,h4
        no 0 8 h6 h1 h3,h4,h5,short
        no 0 8 h6 h1 h3,h4,h5,h6
        no 0 4 h6 h1 h3,h4,h5
        no 0 16 h6 h1 h3,h4,h5
        no 0 8 h6 short h3,h4,h5
        no 5 8 h0 h13 h10,h11,h12
        yes 5 8 h6 h13 h10,h11,h12
        no 5 8 h6 h13 h10,h2,h11,h12
        no 7 8 h6 h13 h10,h11,h12
        no 6 8 h6 h13 h10,h11,h12
        no 4 8 h6 h13 h10,h11,h12
        no 5 8 h6 h13 h14,h11,h12
        no 5 8 h6 h13 h10,h15,h12
        no 5 8 h6 h13 h10,h11,h16
        no 5 8 h6 h13 short,h10,h11,h12
        no 5 8 h6 h13 h6,h10,h11,h12
        no 5 8 h2 h13 h10,h11,h12
        no 5 8 h6 h13 h10,h11
        no 5 8 h6 h13 h10,h11,h12,short
        no 5 8 h6 h13 h10,h11,h12,h6
        no 5 4 h6 h13 h10,h11,h12
        no 5 16 h6 h13 h10,h11,h12
        no 5 8 h6 short h10,h11,h12
        no 2 3 h0 h18 h17
        yes 2 3 h19 h18 h17
        no 0 3 h19 h18 h17
        no 3 3 h19 h18 h17
        no 1 3 h19 h18 h17
        no 2 3 h19 h18 h20
        no 2 3 h19 h18 short,h17
        no 2 3 h19 h18 h19,h17
        no 2 3 h2 h18 h17
        no 2 3 h19 h18 -
        no 2 3 h19 h18 h17,short
        no 2 3 h19 h18 h17,h19
        no 2 1 h19 h18 h17
        no 2 6 h19 h18 h17
        no 2 3 h19 short h17
        no 1 5 h0 h3 h1,h4,h10
        yes 1 5 h21 h3 h1,h4,h10
        no 1 5 h21 h3 h1,h2,h4,h10
        no 3 5 h21 h3 h1,h4,h10
        no 2 5 h21 h3 h1,h4,h10
        no 0 5 h21 h3 h1,h4,h10
        no 1 5 h21 h3 h22,h4,h10
        no 1 5 h21 h3 h1,h8,h10
        no 1 5 h21 h3 h1,h4,h14
        no 1 5 h21 h3 short,h1,h4,h10
        no 1 5 h21 h3 h21,h1,h4,h10
        no 1 5 h2 h3 h1,h4,h10
        no 1 5 h21 h3 h1,h4
        no 1 5 h21 h3 h1,h4,h10,short
        no 1 5 h21 h3 h1,h4,h10,h21
        no 1 2 h21 h3 h1,h4,h10
        no 1 10 h21 h3 h1,h4,h10
        no 1 5 h21 short h1,h4,h10
        no 0 0 h0 h2 -
        no 0 0 h0 short -
        no 0 0 short h2 -
        no 0 1 h0 h2 -
        no 0 1 h0 short -
        no 0 1 short h2 -
        no 1 0 h0 h2 -
        no 1 0 h0 short -
        no 1 0 short h2 -
        no 2 1 h0 h2 -
        no 2 1 h0 short -
        no 2 1 short h2 -
        no 0 1 h23 short -
        no 0 1 short short -
        no 0 1 short h23 -
        yes 0 1 h23 h23 -
        """

    /// Old and new size, old and new root, proof.
    static let consistency = """
        yes 1 1 h1 h1 -
        no 1 8 h1 h6 -
        yes 1 8 h1 h6 h3,h4,h5
        no 1 8 h1 h6 h24,h4,h5
        no 1 8 h1 h6 h3,h25,h5
        no 1 8 h1 h6 h3,h4,h26
        no 1 8 h1 h6 short,h3,h4,h5
        no 1 8 h1 h6 h3,h3,h4,h5
        no 1 8 h1 h6 h1,h3,h4,h5
        no 1 8 h1 h6 h6,h3,h4,h5
        no 3 8 h1 h6 h3,h4,h5
        no 2 8 h1 h6 h3,h4,h5
        no 0 8 h1 h6 h3,h4,h5
        no 1 4 h1 h6 h3,h4,h5
        no 1 16 h1 h6 h3,h4,h5
        no 1 8 h6 h1 h3,h4,h5
        no 1 8 h1 h6 h3,h4,h5,short
        no 1 8 h1 h6 h3,h4,h5,h1
        no 1 8 h1 h6 h3,h4,h5,h6
        no 1 8 h1 h6 h3,h4
        no 1 8 short h6 h3,h4,h5
        no 1 8 h1 short h3,h4,h5
        no 6 8 h27 h6 -
        yes 6 8 h27 h6 h28,h11,h12
        no 6 8 h27 h6 h29,h11,h12
        no 6 8 h27 h6 h28,h30,h12
        no 6 8 h27 h6 h28,h11,h31
        no 6 8 h27 h6 short,h28,h11,h12
        no 6 8 h27 h6 h28,h28,h11,h12
        no 6 8 h27 h6 h27,h28,h11,h12
        no 6 8 h27 h6 h6,h28,h11,h12
        no 4 8 h27 h6 h28,h11,h12
        no 7 8 h27 h6 h28,h11,h12
        no 5 8 h27 h6 h28,h11,h12
        no 6 4 h27 h6 h28,h11,h12
        no 6 16 h27 h6 h28,h11,h12
        no 6 8 h6 h27 h28,h11,h12
        no 6 8 h27 h6 h28,h11,h12,short
        no 6 8 h27 h6 h28,h11,h12,h27
        no 6 8 h27 h6 h28,h11,h12,h6
        no 6 8 h27 h6 h28,h11
        no 6 8 short h6 h28,h11,h12
        no 6 8 h27 short h28,h11,h12
        no 2 5 h17 h21 -
        yes 2 5 h17 h21 h4,h10
        no 2 5 h17 h21 h25,h10
        no 2 5 h17 h21 h4,h32
        no 2 5 h17 h21 short,h4,h10
        no 2 5 h17 h21 h4,h4,h10
        no 2 5 h17 h21 h17,h4,h10
        no 2 5 h17 h21 h21,h4,h10
        no 0 5 h17 h21 h4,h10
        no 3 5 h17 h21 h4,h10
        no 1 5 h17 h21 h4,h10
        no 2 2 h17 h21 h4,h10
        no 2 10 h17 h21 h4,h10
        no 2 5 h21 h17 h4,h10
        no 2 5 h17 h21 h4,h10,short
        no 2 5 h17 h21 h4,h10,h17
        no 2 5 h17 h21 h4,h10,h21
        no 2 5 h17 h21 h4
        no 2 5 short h21 h4,h10
        no 2 5 h17 short h4,h10
        no 6 7 h27 h33 -
        yes 6 7 h27 h33 h28,h34,h12
        no 6 7 h27 h33 h29,h34,h12
        no 6 7 h27 h33 h28,h35,h12
        no 6 7 h27 h33 h28,h34,h31
        no 6 7 h27 h33 short,h28,h34,h12
        no 6 7 h27 h33 h28,h28,h34,h12
        no 6 7 h27 h33 h27,h28,h34,h12
        no 6 7 h27 h33 h33,h28,h34,h12
        no 4 7 h27 h33 h28,h34,h12
        no 7 7 h27 h33 h28,h34,h12
        no 5 7 h27 h33 h28,h34,h12
        no 6 3 h27 h33 h28,h34,h12
        no 6 14 h27 h33 h28,h34,h12
        no 6 7 h33 h27 h28,h34,h12
        no 6 7 h27 h33 h28,h34,h12,short
        no 6 7 h27 h33 h28,h34,h12,h27
        no 6 7 h27 h33 h28,h34,h12,h33
        no 6 7 h27 h33 h28,h34
        no 6 7 short h33 h28,h34,h12
        no 6 7 h27 short h28,h34,h12
        no 0 1 h0 h0 h0
        no 0 0 h0 short -
        no 1 1 h0 short -
        no 2 1 short short -
        no 1 0 short short -
        no 0 1 short short -
        no 0 1 h0 short -
        no 1 1 short short -
        no 0 0 short short -
        no 0 0 short short -
        no 1 2 short short -
        no 1 1 h0 h0 h0
        no 0 0 h0 h0 h0
        """
}
