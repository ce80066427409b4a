import fc from 'fast-check';

/** A hash of `password` by another system. */
export type ForeignHashVector = Readonly<{ source: string; password: string; hash: string }>;

// passlib's names of its test vectors.
const LETMEIN = 'lètmein';
const TABLE = 't\u00e1\u0411\u2113\u0259';
const WAV = '\u0399\u03c9\u03b1\u03bd\u03bd\u03b7\u03c2';
const LONG = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const vectors = (
  source: string,
  ...pairs: readonly (readonly [password: string, hash: string])[]
): readonly ForeignHashVector[] => pairs.map(([password, hash]) => ({ source, password, hash }));

export const bcryptVectors: readonly ForeignHashVector[] = [
  ...vectors(
    'crypt_blowfish',
    ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
    ['U*U*U', '$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
    ['', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy'],
    [LONG, '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui'],
    [
      `${LONG}chars after 72 are ignored`,
      '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui',
    ],
  ),
  ...vectors('the PHP manual', [
    'rasmuslerdorf',
    '$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq',
  ]),
  ...vectors(
    'libxcrypt',
    ['pässword', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.FJj9w2dMxG/OMSU5q.D3h/cEq6ERrnu'],
    ['pässword', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.FJj9w2dMxG/OMSU5q.D3h/cEq6ERrnu'],
    ['x'.repeat(71), '$2b$05$CCCCCCCCCCCCCCCCCCCCCepDV7wKko/4cOjKMDKtmcQXJQdKixjaW'],
    ['x'.repeat(72), '$2b$05$CCCCCCCCCCCCCCCCCCCCCevY8cMdMQYAs/Zg9Y8pPUoufydRVcdpi'],
    ['x'.repeat(73), '$2b$05$CCCCCCCCCCCCCCCCCCCCCevY8cMdMQYAs/Zg9Y8pPUoufydRVcdpi'],
  ),
  ...vectors(
    'passlib for Django',
    ['', 'bcrypt$$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.'],
    [TABLE, 'bcrypt$$2a$05$Z17AXnnlpzddNUvnC6cZNOSwMA/8oNiKnHTHTwLlBijfucQQlHjaG'],
    ['', 'bcrypt_sha256$$2a$06$/3OeRpbOf8/l6nPPRdZPp.nRiyYqPobEZGdNRBWihQhiFDh1ws1tu'],
    [LETMEIN, 'bcrypt_sha256$$2a$08$NDjSAIcas.EcoxCRiArvT.MkNiPYVhrsrnJsRkLueZOoV1bsQqlmC'],
    [TABLE, 'bcrypt_sha256$$2a$06$kCXUnRFQptGg491siDKNTu8RxjBGSjALHRuvhPYNFsa4Ea5d9M48u'],
    [
      'abc123'.repeat(12),
      'bcrypt_sha256$$2a$06$Tg/oYyZTyAf.Nb3qSgN61OySmyXA8FoY4PjGizjE1QSDfuL5MXNni',
    ],
    [
      `${'abc123'.repeat(12)}qwr`,
      'bcrypt_sha256$$2a$06$Tg/oYyZTyAf.Nb3qSgN61Ocy0BEz1RK6xslSNi8PlaLX2pe7x/KQG',
    ],
  ),
];

export const pbkdf2Vectors: readonly ForeignHashVector[] = [
  ...vectors(
    'passlib',
    ['password', '$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI'],
    [WAV, '$pbkdf2$1212$THDqatpidANpadlLeTeOEg$HV3oi1k5C5LQCgG1BMOL.BX4YZc'],
    [
      'password',
      '$pbkdf2-sha256$1212$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ',
    ],
    [WAV, '$pbkdf2-sha256$1212$3SABFJGDtyhrQMVt1uABPw$WyaUoqCLgvz97s523nF4iuOqZNbp5Nt8do/cuaa7AiI'],
    [
      'password',
      '$pbkdf2-sha512$1212$RHY0Fr3IDMSVO/RSZyb5ow$eNLfBK.eVozomMr.1gYa17k9B7KIK25NOEshvhrSX.esqY3s.FvWZViXz4KoLlQI.BzY/YTNJOiKc5gBYFYGww',
    ],
  ),
  ...vectors('hashcat, in the format of passlib', [
    'hashcat',
    '$pbkdf2-sha512$25000$LyWE0HrP2RsjZCxlDGFMKQ$1vC5Ohk2mCS9b6akqsEfgeb4l74SF8XjH.SljXf3dMLHdlY1GK9ojcCKts6/asR4aPqBmk74nCDddU3tvSCJvw',
  ]),
  ...vectors(
    'Django',
    [LETMEIN, 'pbkdf2_sha256$24000$seasalt$V9DfCAVoweeLwxC/L2mb+7swhzF0XYdyQMqmusZqiTc='],
    [LETMEIN, 'pbkdf2_sha256$390000$seasalt$8xBlGd3jVgvJ+92hWPxi5ww0uuAuAnKgC45eudxro7c='],
    [LETMEIN, 'pbkdf2_sha1$390000$seasalt2$aDapRanzW8aHTz97v2TcfHzWD+I='],
    [
      'not a password',
      'pbkdf2_sha256$10000$kjVJaVz6qsnJ$5yPHw3rwJGECpUf70daLGhOrQ5+AMxIJdz1c3bqK1Rs=',
    ],
    [TABLE, 'pbkdf2_sha1$10000$KZKWwvqb8BfL$rw5pWsxJEU4JrZAQhHTCO+u0f5Y='],
  ),
  ...vectors(
    'Werkzeug 3.1',
    ['pässword', 'pbkdf2:sha1:1000$NIkjEeML3HD2iYoD$4b779787fb7ce08e30bbb482c2c3728fe13f72d5'],
    [
      'pässword',
      'pbkdf2:sha256:1000$IAEBephNuHtxAnib$1afe5bd2ec9557adf9196db09b2b9dec2bda67e00066ae509e3adfdedb58a740',
    ],
    [
      'pässword',
      'pbkdf2:sha256:1000000$dtji1oGkzKbpl5yn$2916d307ca8b95768ed9088816096eccdece8b2375025cfa18236aecd3a3cbc7',
    ],
    [
      'pässword',
      'pbkdf2:sha512:1000$0MJN1yiSD0yi4EJj$547beec5e21621b7c4c398812886e29a7693de00e77379637c7704107d3e425d98e50d4605b73a68b26b84b30222df4edc7987e76079c68b94cba188e63a06f8',
    ],
  ),
];

export const scryptVectors: readonly ForeignHashVector[] = [
  ...vectors('passlib', [
    'password',
    '$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E',
  ]),
  ...vectors('mORMot, in the format of passlib', [
    'password',
    '$scrypt$ln=8,r=8,p=1$WKs1xljLudd6z9kbY0wpJQ$yCR4iDZYDKv+iEJj6yHY0lv/epnfB6f/w1EbXrsJOuQ',
  ]),
  ...vectors(
    'Werkzeug 3.1',
    [
      'pässword',
      'scrypt:32768:8:1$0tZT2843IflbRP90$c3300758fea2af9aaceb869f7219ab0c1d3d9d979a754e1f0794de2b0705585af8c0d950f88a591e962c9283abc7d286dcf6692edede45ef0f14e9da1d733ab1',
    ],
    [
      'pässword',
      'scrypt:16384:8:2$YBXj2T0ji5jV0yW9$b50cdb7e6120b2e15ebd139c4d8ddbfc7050e77cc2e3a852dd6598757e233a5f7f87f430f00df059975be80185f614efb991800b9c0ff6c2bc6af5c71e385f43',
    ],
  ),
  ...vectors('Django', [
    LETMEIN,
    'scrypt$16384$seasalt$8$5$ECMIUp+LMxMSK8xB/IVyba+KYGTI7FTnet025q/1f/vBAVnnP3hdYqJuRi+mJn6ji6ze3Fbb7JEFPKGpuEf5vw==',
  ]),
];

export const argon2Vectors: readonly ForeignHashVector[] = [
  ...vectors(
    'Django',
    ['secret', 'argon2$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$YC9+jJCrQhs5R6db7LlN8Q'],
    ['secret', 'argon2$argon2id$v=19$m=102400,t=2,p=8$Y041dExhNkljRUUy$TMa6A8fPJhCAUXRhJXCXdw'],
    [LETMEIN, 'argon2$argon2i$v=19$m=512,t=2,p=2$V25jN1l4UUJZWkR1$MxpA1BD2Gh7+D79gaAw6sQ'],
  ),
  ...vectors('libargon2', [
    'password',
    '$argon2i$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ',
  ]),
];

export const foreignHashVectors: readonly ForeignHashVector[] = [
  ...bcryptVectors,
  ...pbkdf2Vectors,
  ...scryptVectors,
  ...argon2Vectors,
];

const parts = foreignHashVectors.flatMap(({ hash }) => hash.split(/([$:,=])/));

/** Arbitrary text, often composed of parts of hashes. */
export const hashLikeText: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...parts), fc.string({ unit: 'binary', maxLength: 4 })))
    .map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary' }),
);
