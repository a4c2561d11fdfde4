#include "textflag.h"

// func addStepsSSE2(sums []uint64, steps column, weight uint16)
TEXT ·addStepsSSE2(SB), NOSPLIT, $0-50
	MOVQ    sums_base+0(FP), DI
	MOVQ    steps_base+24(FP), SI
	MOVQ    steps_len+32(FP), CX
	MOVWLZX weight+48(FP), AX
	MOVQ    AX, X0
	PSHUFLW $0, X0, X0
	PSHUFD  $0, X0, X0           // the weight, eight times

sixteen:
	MOVOU     (SI), X1
	PXOR      X2, X2
	PXOR      X3, X3
	PUNPCKLBW X1, X2             // each step times 256
	PUNPCKHBW X1, X3
	PMULHUW   X0, X2             // times the weight, over 65536
	PMULHUW   X0, X3
	MOVOU     (DI), X4
	MOVOU     16(DI), X5
	PADDW     X2, X4
	PADDW     X3, X5
	MOVOU     X4, (DI)
	MOVOU     X5, 16(DI)
	ADDQ      $16, SI
	ADDQ      $32, DI
	SUBQ      $16, CX
	JG        sixteen
	RET

// func greatest(groups *[block / 4]uint64, sums []uint64)
TEXT ·greatest(SB), NOSPLIT, $0-32
	MOVQ  groups+0(FP), DI
	MOVQ  sums_base+8(FP), SI
	MOVQ  sums_len+16(FP), CX
	MOVOU (DI), X0
	MOVOU 16(DI), X1
	MOVOU 32(DI), X2
	MOVOU 48(DI), X3

block:
	MOVOU  (SI), X4
	MOVOU  16(SI), X5
	MOVOU  32(SI), X6
	MOVOU  48(SI), X7
	PMAXSW X4, X0
	PMAXSW X5, X1
	PMAXSW X6, X2
	PMAXSW X7, X3
	ADDQ   $64, SI
	SUBQ   $8, CX
	JG     block
	MOVOU  X0, (DI)
	MOVOU  X1, 16(DI)
	MOVOU  X2, 32(DI)
	MOVOU  X3, 48(DI)
	RET

// func markFrom(marks []uint32, sums []uint64, least uint16)
TEXT ·markFrom(SB), NOSPLIT, $0-50
	MOVQ    marks_base+0(FP), DI
	MOVQ    sums_base+24(FP), SI
	MOVQ    sums_len+32(FP), CX
	MOVWLZX least+48(FP), AX
	DECL    AX
	MOVQ    AX, X0
	PSHUFLW $0, X0, X0
	PSHUFD  $0, X0, X0           // one less, eight times

block:
	MOVOU    (SI), X1
	MOVOU    16(SI), X2
	MOVOU    32(SI), X3
	MOVOU    48(SI), X4
	PCMPGTW  X0, X1
	PCMPGTW  X0, X2
	PCMPGTW  X0, X3
	PCMPGTW  X0, X4
	PACKSSWB X2, X1              // a byte for each class
	PACKSSWB X4, X3
	PMOVMSKB X1, AX
	PMOVMSKB X3, BX
	SHLL     $16, BX
	ORL      BX, AX
	MOVL     AX, (DI)
	ADDQ     $4, DI
	ADDQ     $64, SI
	SUBQ     $8, CX
	JG       block
	RET

// func addStepsAVX2(sums []uint64, steps column, weight uint16)
TEXT ·addStepsAVX2(SB), NOSPLIT, $0-50
	MOVQ         sums_base+0(FP), DI
	MOVQ         steps_base+24(FP), SI
	MOVQ         steps_len+32(FP), CX
	VPBROADCASTW weight+48(FP), Y0

block:
	VPMOVZXBW (SI), Y1
	VPMOVZXBW 16(SI), Y2
	VPSLLW    $8, Y1, Y1         // each step times 256
	VPSLLW    $8, Y2, Y2
	VPMULHUW  Y0, Y1, Y1         // times the weight, over 65536
	VPMULHUW  Y0, Y2, Y2
	VPADDW    (DI), Y1, Y1
	VPADDW    32(DI), Y2, Y2
	VMOVDQU   Y1, (DI)
	VMOVDQU   Y2, 32(DI)
	ADDQ      $32, SI
	ADDQ      $64, DI
	SUBQ      $32, CX
	JG        block
	VZEROUPPER
	RET
